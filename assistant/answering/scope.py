"""What another medicine's document says is no evidence about the one asked for, however alike the two are."""

from collections.abc import Iterable, Sequence

from assistant.answering.evidence import Evidence
from assistant.answering.question import Question
from assistant.documents.commonness import RAREST, zipf
from assistant.documents.model import LANGUAGES
from assistant.retrieval.gloss import gloss
from assistant.retrieval.lexical import likeness, tokens

_SAME = 0.8  # likeness from which a word of the question is a name in another spelling


def medicines(subjects: Iterable[Sequence[str]]) -> frozenset[str]:
    """The names that documents are about, in small letters, without those that are words: "Procedure"."""
    names = {name.lower() for about in subjects for name in about}
    return frozenset(name for name in names if not _is_word(name))


def _is_word(name: str) -> bool:
    return any(zipf(name, language) > RAREST for language in LANGUAGES) or any(
        gloss(name, language) != name for language in ("da", "nl")
    )


def asked_for(question: Question, known: Iterable[str]) -> frozenset[str]:
    """Those of the known names that a question names, also misspelt; of several alike, the most alike."""
    known = list(known)
    found = set()
    for term in question.terms:
        if term.is_name and known:
            alike = {name: 1.0 if name == term.word else likeness(term.word, name) for name in known}
            best = max(alike.values())
            found |= {name for name, value in alike.items() if value == best and value >= _SAME}
    return frozenset(found)


def within(question: Question, ranked: Sequence[Evidence], known: frozenset[str]) -> list[Evidence]:
    """The evidence about what the question names; all of it where it names none of the known.

    A sentence belongs to what it names; else to what its heading or lead-in names; else to what its document is about.
    """
    asked = asked_for(question, known)
    return [evidence for evidence in ranked if not asked or _is_about(evidence, asked, known)]


def _is_about(evidence: Evidence, asked: frozenset[str], known: frozenset[str]) -> bool:
    candidate, sentence = evidence.candidate, evidence.sentence
    lead = candidate.passage.sentences[sentence.lead_in].text if sentence.lead_in >= 0 else ""
    for text in (sentence.text, lead, " ".join(candidate.passage.section[-1:])):
        named = known & set(tokens(text))
        if named:
            return bool(named & asked)
    about = known & {name.lower() for name in candidate.subjects}
    return not about or bool(about & asked)
