"""What a question asks: its language, the kind of answer it wants, its terms; a follow-up made self-contained."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.contrasts import Contrasts, contrasts
from assistant.answering.cues import AGED, ASKING, EXACT, LASTING, SHAPE, UNITS, Wanted, wanted_by
from assistant.answering.declined import Declined, declined
from assistant.answering.shorthand import in_full
from assistant.documents.language import detect
from assistant.documents.model import LANGUAGES
from assistant.documents.quantities import Kind
from assistant.errors import QuestionError
from assistant.retrieval.lexical import tokens
from assistant.retrieval.terms import Term, terms

_LEANS = re.compile(
    r"^(?:og|en|and|men|maar|but|hvad så|wat dan|what about|hoe zit het|how about|så|dus|so)\b"
    r"|\b(?:det|den|dette|denne|dem|deres|dens|dets|heri|dertil|deraf|her|der|dit|deze|die|hij|zij|ervan|daarvan|hiervan|daarbij"
    r"|it|its|this|that|they|them|their|these|those)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:ikke|ingen|uden|aldrig|niet|geen|zonder|nooit|not|no|never|without|cannot|can't|mustn't|shouldn't)\b",
    re.IGNORECASE,
)
_MAY_NOT = re.compile(
    r"\b(?:må|bør|kan)\b[^?.]{0,40}\bikke\b|\b(?:mag|mogen|moet|kan)\b[^?.]{0,40}\bniet\b|\b(?:must|may|should|can)(?:\s?not|n't)\b"
    r"|\b(?:wie|hvem|who)\b[^?.]{0,40}\b(?:niet|ikke|not)\b",
    re.IGNORECASE,
)
_IN_CASE = re.compile(  # "and when rifampicin is taken?" asks for no date
    r"^(?:and|og|en)\s+(?:when|wanneer|hvornår|når)\s+(?!is|was|did|does|do|should|can|may|will|er|blev|skal|må|kan|wordt|werd|mag|moet)\w",
    re.IGNORECASE,
)
_OR = re.compile(r"(?=\b([^\W\d_]+) (?:or|eller|of) ([^\W\d_]+)\b)")
_CONTRAINDICATION = {"da": "kontraindiceret", "nl": "gecontra-indiceerd", "en": "contraindicated"}


@dataclass(frozen=True, slots=True)
class Question:
    """A question, understood as far as rules go."""

    text: str
    language: str
    wanted: Wanted
    terms: tuple[Term, ...]
    unit: str = ""  # the unit it names: "mg", "%", "people"
    negated: bool = False
    declined: Declined = ""  # why no document is to be searched for it
    leans_on: str = ""  # of a follow-up: the earlier question it was completed from

    @property
    def needs_figure(self) -> bool:
        """Whether it asks outright for a figure of one kind, so that a sentence without one is no answer."""
        return bool(self.kinds) and bool(EXACT.search(self.text.lower()))

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of figure of which its answer holds one; empty: it need hold none."""
        if self.wanted == "interval":
            return frozenset(("interval", "frequency"))
        if self.wanted == "price":
            return frozenset(("money",))
        if self.wanted == "date":
            return frozenset(("date",))
        if self.wanted == "quantity":
            unit_kinds: dict[str, Kind] = {"mg": "amount", "%": "percent", "people": "people"}
            if self.unit:
                return frozenset((unit_kinds[self.unit],))
            if AGED.search(self.text.lower()):
                return frozenset(("duration", "number"))
            if LASTING.search(self.text.lower()):
                return frozenset(("duration", "interval", "amount"))  # "how long is the needle?" is told in millimetres
            return frozenset(("amount", "percent", "duration", "interval", "people", "frequency", "number", "money"))
        return frozenset()


def understand(
    text: str,
    *,
    history: Sequence[tuple[str, str]] = (),
    language: str | None = None,
    max_characters: int = 2000,
) -> Question:
    """Read a question. `history` is earlier (question, answer) pairs, oldest first.

    Raises:
        QuestionError: it is longer than `max_characters`, or `language` is none of da, nl, en.
    """
    if len(text) > max_characters:
        raise QuestionError(f"it is longer than {max_characters} characters")
    if language and language not in LANGUAGES:
        raise QuestionError(f"its language {language!r} is none of {', '.join(LANGUAGES)}")
    asked = re.sub(r"\s+", " ", text).strip()
    spoken = language or _language(asked, history)
    question = _alone(in_full(asked, spoken), spoken)
    if history and question.declined in ("", "empty") and _is_follow_up(question):
        return _completed(question, history)
    return question


def _language(text: str, history: Sequence[tuple[str, str]]) -> str:
    """A question of three words or fewer speaks the language of the conversation, where there is one."""
    if len(tokens(text)) <= 3 and history:
        return detect(f"{history[-1][0]} {text}")
    return detect(text)


def _alone(text: str, language: str) -> Question:
    lowered = text.lower().lstrip("¿¡ ")
    wanted = wanted_by(lowered)
    found = _alternatives(text, terms(text, language))
    if wanted in ("interval", "quantity", "date", "definition", "comparison") and len(found) > 1:
        found = [term for term in found if not SHAPE.fullmatch(term.word)] or found
    if _MAY_NOT.search(lowered) and not any("ontra" in term.word for term in found):
        found += terms(_CONTRAINDICATION[language], language)
    return Question(
        text=text,
        language=language,
        wanted=wanted,
        terms=tuple(found),
        unit=next((unit for unit, cue in UNITS if cue.search(lowered)), "") if wanted == "quantity" else "",
        negated=bool(_NEGATED.search(lowered)),
        declined=declined(lowered, has_terms=bool(found)),
    )


def stands_alone(text: str) -> bool:
    """Whether a question has no word that leans on an earlier one, so that it may be a new one after all."""
    return not _LEANS.search(text) and len(tokens(text)) > 3


def _alternatives(text: str, found: Sequence[Term]) -> list[Term]:
    """Of "under the skin or into a muscle?" the answer has one: two words joined by "or" count as one."""
    by_word = {term.word: term for term in found}
    kept = dict(by_word)
    for one, other in _OR.findall(text.lower()):
        if one in kept and other in kept and not (kept[one].is_name or kept[other].is_name):
            first, second = kept[one], kept.pop(other)
            forms = {language: {**second.forms[language], **first.forms[language]} for language in first.forms}
            kept[one] = replace(first, forms=forms, concept=first.concept or second.concept)
    return list(kept.values())


def _is_follow_up(question: Question) -> bool:
    """It says too little alone: it leans on words like "it" and "and", or has hardly a subject."""
    names = [term for term in question.terms if term.is_name]
    return (
        question.declined == "empty" or bool(_LEANS.search(question.text)) or (not names and len(question.terms) <= 3)
    )


def _completed(question: Question, history: Sequence[tuple[str, str]]) -> Question:
    """The question with the terms of the one before it, which count half."""
    earlier = _alone(history[-1][0], question.language)
    if _is_follow_up(earlier) and len(history) > 1:
        earlier = _completed(earlier, history[:-1])
    own = {term.word for term in question.terms}
    named = any(term.is_name for term in question.terms)  # it has a subject of its own
    inherited = tuple(
        replace(term, share=0.5 * term.share)
        for term in earlier.terms
        if term.word not in own and not (named and term.is_name) and not _is_replaced(term, question.text)
    )
    asks_anew = (question.wanted != "fact" or ASKING.search(question.text)) and not _IN_CASE.search(question.text)
    return replace(
        question,
        wanted=question.wanted if asks_anew else earlier.wanted,
        unit=question.unit if asks_anew else earlier.unit,
        terms=question.terms + inherited,
        declined="" if question.terms or inherited else question.declined,
        leans_on=earlier.text,
    )


def _is_replaced(term: Term, text: str) -> bool:
    """Whether a follow-up names the other side of what an earlier word sets apart: "and as second choice?"."""
    earlier, now = dict(contrasts(term.word).named), dict(contrasts(text).named)
    return any(family in now and not now[family] & names for family, names in earlier.items())


def set_apart(question: Question) -> Contrasts:
    """What a question sets apart: children, the kidneys, the second line; of a follow-up also what it leans on.

    One that names something of its own has left that behind: "and with rifampicin?" after the dose for a failing liver.
    """
    own = contrasts(question.text)
    named = any(term.is_name and term.share == 1 for term in question.terms)
    return own if named else own.over(contrasts(question.leans_on))
