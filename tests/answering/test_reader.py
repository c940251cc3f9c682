"""The reader prefers the sentence that answers, in each language; a broken package is named."""

from pathlib import Path

import pytest

import assistant
from assistant.answering.cross_encoder import QUESTION, TEXT, CrossEncoder, paired
from assistant.answering.encoder import Encoder
from assistant.answering.question import understand
from assistant.answering.reader import Reader, Wording, as_it_is, asked, packaged_reader
from assistant.errors import PackageBrokenError

PACKAGED = Path(assistant.__file__).parent / "models" / "judge-da-nl-en"
SAID = {
    "da": [
        "Opbevar Zelmivax i køleskab ved 2 til 8 grader.",
        "Den anbefalede dosis er én tablet om morgenen.",
        "De mest almindelige bivirkninger er hovedpine og kvalme.",
    ],
    "nl": [
        "Bewaar Zelmivax in de koelkast bij 2 tot 8 graden.",
        "De aanbevolen dosering is één tablet in de ochtend.",
        "De meest voorkomende bijwerkingen zijn hoofdpijn en misselijkheid.",
    ],
    "en": [
        "Keep Zelmivax in the refrigerator at 2 to 8 degrees.",
        "The recommended dose is one tablet in the morning.",
        "The most common side effects are headache and nausea.",
    ],
}
ASKED = {
    "da": [
        "Ved hvilken temperatur skal Zelmivax ligge?",
        "Hvor meget skal man tage?",
        "Hvilke ubehagelige virkninger kan man få?",
    ],
    "nl": [
        "Bij welke temperatuur moet Zelmivax liggen?",
        "Hoeveel moet men innemen?",
        "Welke klachten kan men krijgen?",
    ],
    "en": ["How cold must Zelmivax be kept?", "How much is to be taken?", "What unwanted effects occur?"],
}


@pytest.mark.parametrize("spoken", ["da", "nl", "en"])
@pytest.mark.parametrize("language", ["da", "nl", "en"])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_sentence_that_answers_stands_first(spoken: str, language: str, number: int) -> None:
    question = understand(ASKED[language][number], language=language)
    scores = packaged_reader().nearness(asked(question), [Wording(text, spoken) for text in SAID[spoken]])
    assert scores.argmax() == number


@pytest.mark.parametrize("language", ["da", "nl", "en"])
def test_read_together_what_answers_is_surer_than_what_does_not(language: str) -> None:
    """Over the languages of the sentences, and the questions: it errs, so all together."""
    right, wrong = [], []
    for number, text in enumerate(ASKED[language]):
        for spoken, said in SAID.items():
            texts = [Wording(f"Zelmivax: {sentence}", spoken) for sentence in said]
            logits = packaged_reader().judged(asked(understand(text, language=language)), texts)
            right.append(logits[number])
            wrong += [logit for at, logit in enumerate(logits) if at != number]
    assert sum(right) / len(right) > sum(wrong) / len(wrong) + 1


@pytest.mark.parametrize("longest", [1, 39, 40, 41, 300])
def test_a_pair_keeps_its_marks_however_long_its_texts_are(longest: int) -> None:
    start, end, piece = 0, 2, 7
    text = [start, *[piece] * longest, end]
    pair = paired(text, text)
    assert pair[0] == start and pair.count(start) == 1
    assert pair.count(end) == 2 and pair[-1] == end
    assert pair.index(end) < QUESTION and len(pair) < QUESTION + TEXT


def test_scores_do_not_depend_on_what_else_is_read() -> None:
    reader = packaged_reader()
    question = Wording("How much is to be taken?", "en")
    texts = [Wording(text, "en") for text in SAID["en"]]
    together = reader.nearness(question, texts)
    for text, score in zip(texts, together, strict=True):
        assert reader.nearness(question, [text])[0] == pytest.approx(score, abs=1e-4)
    together = reader.judged(question, texts)
    for text, logit in zip(texts, together, strict=True):
        alone = CrossEncoder(PACKAGED).logits(question.text, [text.text])[0]  # one that has read nothing yet
        assert alone == pytest.approx(logit, abs=1e-3)
    assert reader.judged(question, texts[::-1]).tolist() == together[::-1].tolist()


def test_a_missing_file_of_the_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackageBrokenError, match="Install the package again"):
        Reader([(Encoder(tmp_path, 72), as_it_is)], CrossEncoder(tmp_path)).nearness(
            Wording("why?", "en"), [Wording("because", "en")]
        )
    with pytest.raises(PackageBrokenError, match="Install the package again"):
        CrossEncoder(tmp_path).logits("why?", ["because"])


@pytest.mark.parametrize(
    ("end", "other"),
    [("vergelijkbaar te zijn met die van het referentiegeneesmiddel Zelmivax", "slechts gedeeltelijk bekend te zijn")],
)
def test_a_long_sentence_is_read_to_its_end(end: str, other: str) -> None:
    long = (
        "Ortuvan (ortuvabine): Welke risico's houdt het gebruik van Ortuvan in voor wie het voorgeschreven krijgt?: "
        "De veiligheid van Ortuvan is in de loop van de procedure beoordeeld en op basis van alle tot nu toe uitgevoerde "
        "studies bij volwassenen en ouderen worden de bijwerkingen van het geneesmiddel door het comité geacht {}."
    )
    question = asked(understand("Heeft Ortuvan ongeveer dezelfde bijwerkingen als Zelmivax?", language="nl"))
    texts = [Wording(long.format(said), "nl") for said in (end, other)]
    for scores in (packaged_reader().judged(question, texts), packaged_reader().nearness(question, texts)):
        assert scores[0] > scores[1]
