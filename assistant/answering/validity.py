"""An answer prefers what is in force on the day asked about, and says of what it cites whether it is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from babel.dates import format_date

from assistant.answering.answer import Answer, Citation
from assistant.answering.conflicts import Disagreement
from assistant.answering.evidence import Evidence
from assistant.answering.extractive import Draft, Said
from assistant.documents.model import LOCALES, Metadata
from assistant.documents.validity import Standing, Succession, first_day, last_day

_STATUS = {
    "da": {
        "in force": "i kraft",
        "not yet": "endnu ikke i kraft",
        "lapsed": "gælder ikke længere",
        "superseded": "erstattet",
    },
    "nl": {
        "in force": "van kracht",
        "not yet": "nog niet van kracht",
        "lapsed": "niet meer van kracht",
        "superseded": "vervangen",
    },
    "en": {
        "in force": "in force",
        "not yet": "not yet in force",
        "lapsed": "no longer in force",
        "superseded": "replaced",
    },
}
_FROM_TO = {"da": ("fra {}", "til {}"), "nl": ("vanaf {}", "tot en met {}"), "en": ("from {}", "until {}")}
_THIS = {"da": "Dokumentet", "nl": "Het document", "en": "The document"}
_QUOTED = {"da": "»{}«", "nl": "‘{}’", "en": "“{}”"}
_SAID = {
    "da": {
        "lapsed": "{what} gjaldt til {day}.",
        "not yet": "{what} gælder først fra {day}.",
        "dated": "{what} er fra {day}, senere end den dag, der spørges om.",
        "superseded": "{what} er erstattet af {by}.",
        "superseded since": "{what} er fra {day} erstattet af {by}.",
        "otherwise": "{what} siger noget andet.",
        "as of": "Hvad der gælder, er vurderet pr. {day}.",
    },
    "nl": {
        "lapsed": "{what} gold tot en met {day}.",
        "not yet": "{what} geldt pas vanaf {day}.",
        "dated": "{what} is van {day}, later dan de dag waarnaar wordt gevraagd.",
        "superseded": "{what} is vervangen door {by}.",
        "superseded since": "{what} is vanaf {day} vervangen door {by}.",
        "otherwise": "{what} zegt iets anders.",
        "as of": "Wat van kracht is, is beoordeeld per {day}.",
    },
    "en": {
        "lapsed": "{what} was in force until {day}.",
        "not yet": "{what} is not in force until {day}.",
        "dated": "{what} is of {day}, later than the day asked about.",
        "superseded": "{what} has been replaced by {by}.",
        "superseded since": "{what} was replaced by {by} on {day}.",
        "otherwise": "{what} says otherwise.",
        "as of": "What is in force was judged as of {day}.",
    },
}


def by_validity(ranked: Sequence[Evidence], succession: Succession, on: date) -> list[Evidence]:
    """Evidence reordered for a day: of equals, what is in force stands first. `ranked` is best first.

    Scores stay as they are: a document that has lapsed is no less sure of what it said.
    """
    preferences = {id_: succession.preference(id_, on) for id_ in {document_of(evidence) for evidence in ranked}}
    if all(value == 1.0 for value in preferences.values()):
        return list(ranked)
    return sorted(ranked, key=lambda evidence: -evidence.score * preferences[document_of(evidence)])


def settled(drafted: Draft, succession: Succession, on: date) -> tuple[Draft, tuple[Evidence, ...]]:
    """Quote what is in force first, and let it stand alone against what is not.

    Returns:
        The draft, and the evidence that spoke against it and was left out: what a document says that is replaced,
        lapsed or not yet in force is no disagreement with one that is in force.
    """
    said = [_reordered(one, succession, on) for one in drafted.said]
    if said and _holds(said[0], succession, on):
        said = [one for one in said if not one.alternative or _holds(one, succession, on)]
    disagreements: list[Disagreement] = []
    left_out: list[Evidence] = []
    for disagreement in drafted.disagreements:
        one, other = disagreement.one, disagreement.other
        home = next((s for s in said if any(e.key == one.key for e in s.backing)), None)
        speaker = home.backing[0] if home else one
        outdated = _outdated(speaker, other, succession, on)
        if outdated is None:
            disagreements.append(disagreement if speaker.key == one.key else replace(disagreement, one=speaker))
        else:
            left_out.append(outdated)
            said = [s for s in said if s.backing[:1] != (outdated,)]
    return replace(drafted, said=tuple(said), disagreements=tuple(disagreements)), tuple(left_out)


def _holds(said: Said, succession: Succession, on: date) -> bool:
    return succession.standing(document_of(said.backing[0]), on).holds


def _reordered(said: Said, succession: Succession, on: date) -> Said:
    backing = sorted(said.backing, key=lambda e: not succession.standing(document_of(e), on).holds)
    if not backing or backing[0] == said.backing[0]:
        return said
    quoted = said.text == said.backing[0].sentence.text
    return replace(said, backing=tuple(backing), text=backing[0].sentence.text if quoted else said.text)


def _outdated(one: Evidence, other: Evidence, succession: Succession, on: date) -> Evidence | None:
    """Of two that disagree, the one that does not hold on the day; None where both do, or neither."""
    mine, theirs = (succession.standing(document_of(e), on).holds for e in (one, other))
    if mine != theirs:
        return other if mine else one
    if succession.replaces(document_of(one), document_of(other)):
        return other
    return one if succession.replaces(document_of(other), document_of(one)) else None


def stamped(
    answer: Answer,
    succession: Succession,
    documents: Mapping[str, Metadata],
    on: date,
    *,
    is_asked: bool,
    left_out: Sequence[Evidence] = (),
) -> Answer:
    """An answer whose citations say how their documents stand on a day, with notes on those that do not hold.

    Args:
        documents: metadata by document id.
        is_asked: whether the day was asked about; otherwise it is today.
        left_out: what `settled` left out.
    """
    language = answer.language if answer.language in _SAID else "en"
    cited = list(dict.fromkeys(citation.document_id for citation in answer.citations))
    notes = [] if not is_asked else [_SAID[language]["as of"].format(day=spelled(on, language))]
    for id_ in cited:
        what = _THIS[language] if len(cited) == 1 else _name(documents[id_].title or id_, language)
        notes.append(_note(what, succession.standing(id_, on), documents[id_], language))
    for id_ in dict.fromkeys(document_of(evidence) for evidence in left_out):
        if id_ not in cited:
            what = _name(documents[id_].title or id_, language)
            otherwise = _SAID[language]["otherwise"].format(what=what)
            notes.append(
                f"{otherwise} {_note(_THIS[language], succession.standing(id_, on), documents[id_], language)}"
            )
    return replace(
        answer,
        citations=tuple(_stamped(citation, succession, documents, on) for citation in answer.citations),
        nearest=tuple(_stamped(citation, succession, documents, on) for citation in answer.nearest),
        notes=(*answer.notes, *(note.strip() for note in notes if note)),
        as_of=on.isoformat() if is_asked else "",
    )


def _stamped(citation: Citation, succession: Succession, documents: Mapping[str, Metadata], on: date) -> Citation:
    meta = documents.get(citation.document_id, Metadata())
    return citation.standing(succession.standing(citation.document_id, on).status, meta)


def _note(what: str, standing: Standing, metadata: Metadata, language: str) -> str:
    """What is to be known of a document that does not hold; empty where it does."""
    if standing.holds:
        return ""
    key: str = standing.status
    if key == "not yet" and not metadata.valid_from:
        key = "dated"
    if key == "superseded" and standing.turned:
        key = "superseded since"
    day = spelled(standing.turned, language) if standing.turned else ""
    return _SAID[language][key].format(what=what, day=day, by=_name(standing.by, language))


def _name(title: str, language: str) -> str:
    return _QUOTED[language].format(title)


def status_said(citation: Citation, language: str) -> str:
    """How a cited document stands, in words: "gælder ikke længere, til 31. december 2023"; "" where nothing says."""
    spoken = language if language in _STATUS else "en"
    bounds = (first_day(citation.valid_from), last_day(citation.valid_to))
    when = " ".join(
        words.format(spelled(day, spoken)) for words, day in zip(_FROM_TO[spoken], bounds, strict=True) if day
    )
    return ", ".join(filter(None, (_STATUS[spoken].get(citation.status, ""), when)))


def spelled(day: date, language: str) -> str:
    """A day written out.

    >>> spelled(date(2023, 12, 31), "da")
    '31. december 2023'
    """
    return str(format_date(day, "long", locale=LOCALES.get(language, "en_GB")))


def document_of(evidence: Evidence) -> str:
    """The id of the document that a sentence stands in."""
    return evidence.candidate.passage.document_id
