"""What is said of another medicine, group or line of treatment is no evidence, however alike the two are."""

import re
from collections.abc import Iterable, Sequence

from assistant.answering.contrasts import Contrasts, contrasts
from assistant.answering.evidence import Evidence
from assistant.answering.jurisdiction import asks_what_is_national, countries, jurisdictions
from assistant.answering.parts import written_names
from assistant.answering.question import Question, set_apart
from assistant.documents.commonness import RAREST, zipf
from assistant.documents.model import LANGUAGES
from assistant.documents.quantities import Quantity, quantities
from assistant.retrieval.gloss import gloss
from assistant.retrieval.lexical import likeness, tokens
from assistant.retrieval.terms import Term, words_of

_APART = ("age", "sex", "organ", "line")  # families of which a sentence about one side says nothing of the other
_NEVER_MEANT = frozenset(("child", "adolescent", "kidney", "liver", "pregnancy"))  # by a figure that names no group
_BOUNDS = frozenset(("usual", "maximum"))
_DOSED, _PATIENT = ("mg", "iu"), 1_000_000  # canonical units of what is given; mg from which it is a body's weight
_TOLD = frozenset(("percent", "people", "money"))
_SPOKEN_OF = 0.5  # how surely a text must have a name
_ALONG = re.compile(  # what one medicine is taken beside, or changes
    r"\b(?:interak\w+|interact\w*|wisselwerking\w*|kombin\w+|combin\w+|sammen|together|samen|samtidig\w*|tegelijk\w*"
    r"|gelijktijdig\w*|concomitant\w*|concurrent\w*|simultaneous\w*|along)\s+(?:\w+\s+){0,2}?(?:med|with|met|og|and|en)\s+"
    r"(?P<other>\w+)",
    re.IGNORECASE,
)
_BEGINS = 3  # words in which a sentence names what it is about
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

    A sentence belongs to what it names; else to what its heading or lead-in names; else to what its document is about,
    or names in its title: "From Prolia to Conexxence" is about both. In a document that has the one asked for in its
    title, and no other, a sentence may name others further on: "after at least two lines, Prolia among them".
    """
    asked = asked_for(question, known)
    return [evidence for evidence in ranked if not asked or _is_about(evidence, asked, known)]


def _is_about(evidence: Evidence, asked: frozenset[str], known: frozenset[str]) -> bool:
    candidate, sentence = evidence.candidate, evidence.sentence
    titled = known & set(tokens(candidate.metadata.title))
    words = tokens(sentence.text)
    if named := known & set(words):
        begins = known & set(words[:_BEGINS])
        return bool(named & asked) or (bool(titled) and titled <= asked and not begins)
    lead = candidate.passage.sentences[sentence.lead_in].text if sentence.lead_in >= 0 else ""
    for text in (lead, " ".join(candidate.passage.section[-1:])):
        if named := known & set(tokens(text)):
            return bool(named & asked)
    around = {name.lower() for name in candidate.subjects} | set(tokens(" ".join(candidate.passage.section)))
    about = titled | (known & around)
    return not about or bool(about & asked)


def of_the_name(question: Question, ranked: Sequence[Evidence], known: Iterable[str]) -> list[Evidence]:
    """The evidence that may be about what the question names with a capital, if it names anything so.

    A sentence that names a medicine, in a passage without any name that is asked about, is about that other one: "How
    often is Forteo given?" is not answered by how often Veltoral is.

    Args:
        known: names of medicines and of the substances in them, in small letters.
    """
    written = {word.casefold() for word in written_names(question.text, question.language)}
    asked = [term for term in question.terms if term.is_name and term.word in written]
    known = frozenset(known)
    return [evidence for evidence in ranked if not asked or not _is_of_another_name(evidence, asked, known)]


def _is_of_another_name(evidence: Evidence, asked: Sequence[Term], known: frozenset[str]) -> bool:
    if not known & set(tokens(evidence.sentence.text)):
        return False
    candidate = evidence.candidate
    around = (candidate.passage.text, candidate.metadata.title, *candidate.passage.section)
    called = (*candidate.subjects, *candidate.aliases, candidate.metadata.publisher)
    words = words_of(" ".join((*around, *called)), candidate.language)
    return not any(term.match(words) >= _SPOKEN_OF for term in asked)


def given_along(question: Question) -> list[Term]:
    """What the question asks to give a medicine along with, where that is a name: "with warfarin?".

    What has a word of the language, such as painkillers, may be spoken of by the names of its members.
    """
    along = {found["other"].casefold() for found in _ALONG.finditer(question.text)}
    return [term for term in question.terms if term.word in along and term.is_name and not _is_word(term.word)]


def of_the_country(question: Question, ranked: Sequence[Evidence]) -> list[Evidence]:
    """For prices and reimbursement in a named country, what its own documents say, or a sentence that names it.

    All of the evidence where the question names no country, or no document is of one that it names.
    """
    asked = {code for code, _ in countries(question.text, question.language)}
    if not asked or not asks_what_is_national(question.text):
        return list(ranked)
    own = [evidence for evidence in ranked if _applies_in(evidence, asked)]
    if not any(asked & jurisdictions(evidence.candidate.metadata) for evidence in own):
        return list(ranked)
    return own


def _applies_in(evidence: Evidence, asked: set[str]) -> bool:
    applies = jurisdictions(evidence.candidate.metadata)
    named = {code for code, _ in countries(evidence.sentence.text, evidence.candidate.language)}
    return not applies or bool(asked & (applies | named))


def of_the_other(others: Sequence[Term], ranked: Sequence[Evidence]) -> list[Evidence]:
    """The evidence that speaks of what is given along: a warning about hypocalcaemia says nothing of warfarin."""
    return [evidence for evidence in ranked if all(_speaks_of(evidence, other) for other in others)]


def _speaks_of(evidence: Evidence, term: Term) -> bool:
    candidate = evidence.candidate
    around = words_of(" ".join((candidate.passage.text, *candidate.passage.section)), candidate.language)
    return term.match(around) >= _SPOKEN_OF


def of_the_group(question: Question, ranked: Sequence[Evidence]) -> list[Evidence]:
    """The evidence about the group asked for: not what is said of adults only where children are asked about.

    A dose or an interval for children, in pregnancy, or with failing kidneys or liver must be said of them: one that
    names no group is not meant for them; a follow-up may have left the group behind. Whether something may be given at
    all is also answered by who may have it, so questions for yes or no keep all. The highest dose is not the usual one,
    nor the other way round.
    """
    asked = dict(set_apart(question).named)
    if question.wanted == "yes_no":
        return list(ranked)
    ranked = [evidence for evidence in ranked if not _is_another_bound(evidence, asked.get("phase", frozenset()))]
    families = [family for family in _APART if family in asked]
    if not families:
        return ranked
    own = dict(contrasts(question.text).named) if question.wanted in ("quantity", "interval") else {}
    return [
        evidence
        for evidence in ranked
        if all(_is_of(evidence, family, asked[family], must=family in own) for family in families)
    ]


def _is_another_bound(evidence: Evidence, asked: frozenset[str]) -> bool:
    said = dict(contrasts(evidence.sentence.text).named).get("phase", frozenset())
    return len(asked) == len(said) == 1 and asked != said and asked | said == _BOUNDS


def of_the_strength(question: Question, ranked: Sequence[Evidence]) -> list[Evidence]:
    """The evidence about the strength asked for: not what another strength did, or costs.

    "What weight loss did 8 mg give?" is not answered by "14.1% on 12 mg". Only where a sentence tells a result, a
    number of people or a price beside its strengths: where it tells amounts alone, they may be what is asked.
    """
    asked = _strengths(question.text, question.language)
    if not asked or question.wanted == "yes_no":
        return list(ranked)
    return [evidence for evidence in ranked if not _is_of_another_strength(evidence, asked)]


def _is_of_another_strength(evidence: Evidence, asked: frozenset[Quantity]) -> bool:
    sentence, language = evidence.sentence, evidence.candidate.language
    told = {figure.kind for figure in evidence.figures}
    if not told & _TOLD:
        return False
    of_unit = {one.unit for one in asked}
    own = {one for one in _strengths(sentence.text, language) if one.unit in of_unit}
    lead = evidence.candidate.passage.sentences[sentence.lead_in].text if sentence.lead_in >= 0 else ""
    around = _strengths(" ".join((lead, *evidence.candidate.passage.section)), language)
    return bool(own) and not asked & (own | around)


def _strengths(text: str, language: str) -> frozenset[Quantity]:
    """The amounts of a medicine in a text; what weighs a kilo or more is a patient."""
    return frozenset(one for one in quantities(text, language) if one.unit in _DOSED and one.value < _PATIENT)


def _is_of(evidence: Evidence, family: str, asked: frozenset[str], *, must: bool) -> bool:
    said = dict(_said(evidence).named).get(family, frozenset())
    if said:
        return bool(said & asked)
    if not must or not asked <= _NEVER_MEANT:
        return True
    around = " ".join(sentence.text for sentence in evidence.candidate.passage.sentences)
    return bool(dict(contrasts(around).named).get(family, frozenset()) & asked)


def _said(evidence: Evidence) -> Contrasts:
    """What a sentence sets apart, or else its lead-in, or else its headings."""
    passage, lead = evidence.candidate.passage, evidence.sentence.lead_in
    wider = contrasts(" ".join(passage.section))
    if lead >= 0:
        wider = contrasts(passage.sentences[lead].text).over(wider)
    return contrasts(evidence.sentence.text).over(wider)
