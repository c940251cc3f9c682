"""All that is trained on, as groups of rows, and the texts the tokenizer learns from."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from training.embedding import questions, sets
from training.embedding.inflections import inflections
from training.embedding.train import Group
from training.embedding.twins import twins

_NEAR = 60_000  # pairs of neighbouring sentences


@dataclass(slots=True)
class Material:
    """What one run needs."""

    groups: list[Group]
    texts: dict[str, list[str]]  # language -> distinct texts
    held: list[sets.Held]


def gather(data: Path, seed: int) -> Material:
    """Read the data folder."""
    held = sets.held_out(data)
    translated = sets.translations(data, held)
    worded = sets.words(data)
    rows: dict[str, list[tuple[str, str]]] = defaultdict(list)
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    for pairs in translated.values():
        for pair in pairs:
            kind = "leaflets" if pair.set == "leaflets" else "sentences"  # of their own: negatives of the same field
            rows[f"{kind} {'-'.join(pair.languages)}"].append(pair.texts)
            for language, text in zip(pair.languages, pair.texts, strict=True):
                texts[language][text] = None
    for pairs in worded.values():
        for pair in pairs:
            rows[f"words {'-'.join(pair.languages)}"].append(pair.texts)
            if "nl" in pair.languages:  # Dutch text is scarce: its dictionary words count as text
                text = pair.texts[pair.languages.index("nl")]
                texts["nl"][text] = None
    for kind, found in (
        ("reading", questions.from_reading_sets(data)),
        ("health", questions.from_health_questions(data)),
    ):
        for language, question, sentence in found:
            rows[f"{kind} {language}"].append((question, sentence))
            texts[language].update({question: None, sentence: None})
    for asked, answered, question, sentence in questions.from_leaflets(data, seed):
        rows[f"asked {asked}-{answered}"].append((question, sentence))
    for language, one, other in questions.neighbours(data, seed, _NEAR):
        rows[f"near {language}"].append((one, other))
        texts[language].update({one: None, other: None})
    for language, one, other in inflections({key: list(value) for key, value in texts.items()}, seed):
        rows[f"forms {language}"].append((one, other))
    groups = [Group(name, [one for one, _ in found], [other for _, other in found]) for name, found in rows.items()]
    return Material(
        groups + _twins(data, translated, seed), {language: list(found) for language, found in texts.items()}, held
    )


def _twins(data: Path, translated: dict[tuple[str, str], list[sets.Pair]], seed: int) -> list[Group]:
    names = sorted(
        {leaflet["medicine"] for leaflet in sets.leaflets(data) if leaflet["medicine"][0] not in sets.UNSEEN_PAIRS}
    )
    groups: dict[str, Group] = {}
    for pair, twin in twins((pair for pairs in translated.values() for pair in pairs), names, seed):
        name = f"twins {'-'.join(pair.languages)}"
        group = groups.setdefault(name, Group(name, [], [], together=2))
        group.anchors += [pair.texts[0], twin.texts[0]]
        group.positives += [pair.texts[1], twin.texts[1]]
    return list(groups.values())
