"""What a question asks: its language, the kind of answer it wants, its terms; a follow-up made self-contained."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.documents.language import detect
from assistant.documents.model import LANGUAGES
from assistant.documents.quantities import Kind
from assistant.errors import QuestionError
from assistant.retrieval.lexical import tokens
from assistant.retrieval.terms import Term, terms

Wanted = Literal["interval", "price", "date", "quantity", "list", "yes_no", "definition", "reason", "fact"]
Declined = Literal["", "empty", "advice"]

_CUES: tuple[tuple[Wanted, str], ...] = (
    (
        "interval",
        r"\bhvor (?:ofte|tit|hyppigt?)\b|\bhvor mange gange\b|\bhyppighed\w*|\binterval\w*|\bhoe ?vaak\b|\bhoe dikwijls\b"
        r"|\bom de hoeveel\b|\bhow (?:often|frequent\w*)\b|\bfrequency\b|\bfrequentie\b|\bhow many times\b|\bhoeveel keer\b",
    ),
    (
        "price",
        r"\bhvad koster\b|\bpris\w*|\w*prisen?\b|\bkoster\b|\bwat kost\b|\bkosten\b|\bprijs\w*|\w*prijs\b|\bprice\w*|\bcosts?\b"
        r"|\bhow much (?:is|does .* cost)\b",
    ),
    (
        "date",
        r"\bhvornår\b|\bhvornaar\b|\bdato\w*|\bhvilket år\b|\bhvilke dato\w*|\bwanneer\b|\bdatum\b|\bwelk jaar\b|\bwhen\b"
        r"|\bdate\b|\b(?:which|what) year\b|\bsince when\b|\bhvilken dag\b",
    ),
    (
        "quantity",
        r"\bhvor (?:meget|mange|stor\w*|høj\w*|lang\w*|længe|gammel)\b|\bdosis\b|\bdosering\w*|\bdosage\b|\bdose\b|\bhoeveel\b"
        r"|\bhoe (?:lang|groot|hoog|veel|oud)\b|\bhow (?:much|many|large|high|long|old|big)\b|\bantal\b|\baantal\b"
        r"|\bprocent\w*|\bpercent\w*|\bmilligram\w*|\bmg\b|%|\bstyrke\b|\bsterkte\b|\bstrength\b|\bnumber of\b|\bgrænse\w*",
    ),
    ("reason", r"\bhvorfor\b|\bwaarom\b|\bwhy\b|\bårsag\w*|\breden\b|\breason\w*|\bhoezo\b"),
    (
        "list",
        r"\bnævn\b|\bopremse\b|\bliste\b|\bhvilke\b|\bnoem\b|\bsom op\b|\bopsommen\b|\bwelke\b|\blist\b|\bwhich\b[^?]*\b\w+s\b"
        r"|\bwhat are\b|\bhvad er de\b|\bwat zijn de\b|\bname (?:all|the)\b",
    ),
    (
        "yes_no",
        r"^(?:er|har|kan|må|skal|bør|får|gives|findes|blev|var|bliver|vil|gælder|anbefales?|bruges|dækker|nedsætter|øger|fik"
        r"|is|are|was|were|do|does|did|can|may|must|should|has|have|will|could"
        r"|zijn|heeft|kan|mag|moet|wordt|werd|worden|hebben|kunnen|mogen|krijgt|geldt|bestaat|bevat|indeholder|virker|werkt)\b",
    ),
    (
        "definition",
        r"^(?:hvad er|hvad betyder|hvad vil det sige|wat is|wat betekent|what is|what does .* mean|what's)\b",
    ),
)
_UNITS: tuple[tuple[str, str], ...] = (
    ("mg", r"\bmilligram\w*|\bmg\b"),
    ("%", r"%|\bprocent\w*|\bpercent\w*|\bpct\b"),
    ("people", r"\b(?:hvor mange|hoeveel|how many|antal|aantal|number of)\b\W+(?:[^\W\d_]+\W+){0,2}?(?:personer|patienter|kvinder|mænd|deltagere|deltog|vrouwen|mannen|pati[eë]nten|personen|deelnemers|mensen|women|men|patients|people|participants|pts?|ptt)\b"),
)  # fmt: skip
# Words that say which shape the answer has; the shape itself is looked for, not the word.
_SHAPE = re.compile(
    r"milligrams?|procent\w*|percent\w*|pct|antal|aantal|number|dato\w*|datum|date|year|år|jaar|interval\w*|hyppighed|frequentie"
    r"|frequency|nummer|how many times|many times|gange|keer|betyder|betydning|betekent|betekenis|means?|meaning|ptt|pts|deltog|deltagere?|deltaget|indgik|namen deel|deelnemers?|deelgenomen|participants?|participated|took part|enrolled|wanneer|hvornår|when|per ?cent",
)
_ADVICE = re.compile(
    r"\bsynes du\b|\bhvad mener du\b|\bmener du\b|\bvind (?:je|jij|u)\b|\bdo you think\b|\bin your opinion\b|\bwhat would you\b"
    r"|^(?:skal|bør) jeg\b|^moet ik\b|\bzal ik\b|^should i\b"
    r"|\b(?:jeg er|ik ben|i am|i'm) \d+|\b(?:skal|bør|kan|må) (?:jeg|min \w+)\b.*\b(?:jeg (?:er|har|tager|får)|min)\b"
    r"|\b(?:jeg (?:er|har|tager|får)|min \w+)\b.*\b(?:skal|bør|kan|må) (?:jeg|han|hun)\b"
    r"|\b(?:ik (?:ben|heb|gebruik|neem)|mijn \w+)\b.*\b(?:moet|mag|kan) (?:ik|hij|zij|ze)\b"
    r"|\b(?:moet|mag|kan) ik\b.*\b(?:ik (?:ben|heb|gebruik|neem)|mijn)\b"
    r"|\b(?:i (?:am|have|take)|my \w+)\b.*\b(?:should|can|may) (?:i|he|she)\b|\b(?:should|can|may) i\b.*\b(?:i (?:am|have|take)|my)\b",
    re.IGNORECASE,
)
_CHAT = re.compile(
    r"\bhvordan (?:går det|har du det)\b|\bhvem er du\b|\bfortæl (?:mig )?en (?:vittighed|joke|historie)\b|\bhoe gaat het\b|\bwie ben (?:je|jij|u)\b"
    r"|\b(?:mop|grap|grapje)\b|\bhow are you\b|\bwho are you\b|\btell me a (?:joke|story)\b|\bjoke\b|\bvittighed\b",
    re.IGNORECASE,
)
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
            return frozenset(("amount", "percent", "duration", "interval", "people", "frequency", "number", "money"))
        return frozenset()


_PARTS = re.compile(
    r"\?\s+(?=\w)|,?\s+(?:og|en|and)\s+(?=(?:hvad|hvor\w*|hvem|hvilk\w+|wat|hoe|wie|welke?|wanneer|waar\w*|what|how|who|which"
    r"|when|where|why)\b)",
    re.IGNORECASE,
)


def parts(text: str) -> list[str]:
    """The questions that one text asks: "Hvad er dosis, og hvor ofte gives det?" asks two."""
    found = [part.strip(" ,") for part in _PARTS.split(text)]
    return [part for part in found if len(tokens(part)) >= 2] if len(found) > 1 else [text]


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
    question = _alone(asked, spoken)
    if history and question.declined != "advice" and _is_follow_up(question):
        return _completed(question, history)
    return question


def _language(text: str, history: Sequence[tuple[str, str]]) -> str:
    """A question of three words or fewer speaks the language of the conversation, where there is one."""
    if len(tokens(text)) <= 3 and history:
        return detect(f"{history[-1][0]} {text}")
    return detect(text)


def _alone(text: str, language: str) -> Question:
    lowered = text.lower().lstrip("¿¡ ")
    wanted: Wanted = next((kind for kind, cue in _CUES if re.search(cue, lowered)), "fact")
    found = terms(text, language)
    if wanted in ("interval", "quantity", "date", "definition") and len(found) > 1:
        found = [term for term in found if not _SHAPE.fullmatch(term.word)] or found
    if _MAY_NOT.search(lowered) and not any("ontra" in term.word for term in found):
        found += terms(_CONTRAINDICATION[language], language)
    declined: Declined = "advice" if _ADVICE.search(lowered) else "empty" if not found or _CHAT.search(lowered) else ""
    return Question(
        text=text,
        language=language,
        wanted=wanted,
        terms=tuple(found),
        unit=next((unit for unit, cue in _UNITS if re.search(cue, lowered)), "") if wanted == "quantity" else "",
        negated=bool(_NEGATED.search(lowered)),
        declined=declined,
    )


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
    inherited = tuple(replace(term, share=0.5 * term.share) for term in earlier.terms if term.word not in own)
    return replace(
        question,
        terms=question.terms + inherited,
        declined="" if question.terms or inherited else question.declined,
        leans_on=earlier.text,
    )
