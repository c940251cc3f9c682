"""The shape of a sentence: has it the kind of thing that the question wants?

What each shape is worth is learnt (weights.py); here it is only told apart.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.answering.cues import WORDING
from assistant.answering.question import Question
from assistant.documents.model import Sentence
from assistant.documents.quantities import Kind, Quantity
from assistant.documents.repair import BLANK
from assistant.retrieval.terms import terms, words_of

_LEFT_OUT = rf"(?:{re.escape(BLANK)}|…|\.\.\.|_{{2,}}|█+|\bX{{2,}}\b)"
_MONEY_BLANK = re.compile(
    rf"{_LEFT_OUT}\s?(?:kr\b|DKK|EUR|€|£|euro)|(?:DKK|EUR|€|£|kr\.?)\s?{_LEFT_OUT}", re.IGNORECASE
)
_FIGURES_BLANK: Mapping[Kind, re.Pattern[str]] = {
    "amount": re.compile(rf"{_LEFT_OUT}\s?(?:mg|µg|g|ml)(?!\w)", re.IGNORECASE),
    "percent": re.compile(rf"{_LEFT_OUT}\s?%", re.IGNORECASE),
}
_WHEN = re.compile(r"\b(?:hvorn(?:å|aa)r|wanneer|when)\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"\b(?:hvor mange|hoeveel|how many)\s+([^\W\d_]+)", re.IGNORECASE)
_WHAT_IS = re.compile(
    r"^\W*(?:hvad|hvem|hvilke\w*|wat|wie|welke?|what|who|which)\b.{0,40}?\b(?:er|is|are|zijn|hedder|heet)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_REASON = re.compile(
    r"\b(?:da|fordi|idet|skyldes|på grund af|derfor|eftersom|aangezien|omdat|doordat|vanwege|door|daarom|wegens|because"
    r"|since|due to|therefore|owing to|so that|således at|zodat|for at|om te)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:hvis|når|såfremt|medmindre|ved|als|indien|wanneer|tenzij|bij|if|when|unless|provided|in case)\b",
    re.IGNORECASE,
)
_COMPARING = re.compile(
    r"\b(?:end|mere|mindre|sammenlign\w*|bedre|højere|lavere|ligeværdig\w*|dan|meer|minder|vergelek\w*|vergelijk\w*|beter"
    r"|hoger|lager|gelijkwaardig\w*|than|more|less|compar\w*|better|higher|lower|versus|similar|superior|inferior)\b",
    re.IGNORECASE,
)
_ENUMERATION = re.compile(r"\w+(?:, [^,.;]{2,60})+,? (?:og|eller|samt|en|of|and|or) \w+|: \w+[^,]*, \w+")
NEGATION: Final = re.compile(
    r"\b(?:ikke|ingen|intet|uden|aldrig|hverken|niet|geen|zonder|nooit|noch|not|no|never|without|cannot|nor|neither)\b"
    r"|n't\b|contra-?[iï]?nd|kontraind",
    re.IGNORECASE,
)
_OBLIGATION = re.compile(
    r"\b(?:må|bør|skal|kan|mag|mogen|moet|moeten|kan|kunnen|must|may|should|can|allowed|tilladt|toegestaan)\b",
    re.IGNORECASE,
)

_QUOTATION = re.compile(  # of five words or more
    r"(?:^|[\s(])[“”„»«\"‘](?:[^\s“”„»«\"]+\s+){4,}[^“”„»«\"]*(?:[“”„»«\"’]|$)"
)

NAMES: Final = (
    "has_figure", "lacks_figure", "lacks_date", "has_interval", "lacks_interval", "has_money", "lacks_money", "counts",
    "explains", "no_explanation", "gives_reason", "no_reason", "conditional", "comparing", "no_comparison", "leads_in",
    "enumerates", "negates_as_asked", "negates_unasked", "no_negation", "obliges", "figures_unasked", "is_heading",
    "is_scrap", "announces", "is_item", "is_row", "is_bare_lead_in", "length", "is_question",
    "words_quoted", "words_unquoted", "quotes_unasked", "identifies",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskedShape:
    """What a question says of the shape of its answer."""

    question: Question
    kinds: frozenset[Kind]
    wants_figure: bool
    when: bool
    wording: bool  # it asks how something is worded
    counted: str  # what it asks the number of
    what_is: bool


def asked_shape(question: Question) -> AskedShape:
    """Of a question, once for all sentences."""
    counted = _HOW_MANY.search(question.text)
    return AskedShape(
        question,
        question.kinds,
        question.wanted in ("quantity", "date") and bool(question.kinds),
        bool(_WHEN.search(question.text)),
        bool(WORDING.search(question.text.lower())),
        counted.group(1) if counted else "",
        bool(_WHAT_IS.search(question.text)),
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """What a text's shape is, whatever is asked."""

    year: bool
    reason: bool
    negates: bool
    compares: bool
    quotes: bool
    condition: bool
    enumerates: bool
    obliges: bool
    scrap: bool
    announces: bool
    asks: bool


@lru_cache(maxsize=50_000)  # each question looks at the same sentences again
def _form(text: str) -> _Form:
    return _Form(
        year=bool(_YEAR.search(text)),
        reason=bool(_REASON.search(text)),
        negates=bool(NEGATION.search(text)),
        compares=bool(_COMPARING.search(text)),
        quotes=bool(_QUOTATION.search(text)),
        condition=bool(_CONDITION.search(text)),
        enumerates=bool(_ENUMERATION.search(text)),
        obliges=bool(_OBLIGATION.search(text)),
        scrap=len(text) < 15 or not re.search(r"[^\W\d_]{3}", text),
        announces=text.endswith(":"),
        asks=text.rstrip().endswith("?"),
    )


def shape(asked: AskedShape, sentence: Sentence, figures: tuple[Quantity, ...], language: str) -> list[float]:
    """One value, mostly 0 or 1, for each of NAMES."""
    question, form = asked.question, _form(sentence.text)
    text, wanted, kinds = sentence.text, question.wanted, {figure.kind for figure in figures}
    has = bool(kinds & asked.kinds) or (wanted == "date" and form.year)
    has = has or is_blank(question, sentence)
    figure, when = asked.wants_figure, asked.when
    explains = (wanted == "definition" or asked.what_is) and _explains(question, sentence)
    explained = wanted == "definition" and explains
    return [
        float(value)
        for value in (
            figure and has,
            figure and not has and not when,
            figure and not has and when,
            wanted == "interval" and has,
            wanted == "interval" and not has,
            wanted == "price" and has,
            wanted == "price" and not has,
            bool(asked.counted) and _counts(asked.counted, question.language, sentence, language),
            explained,
            wanted == "definition" and not explained,
            wanted == "reason" and form.reason,
            wanted == "reason" and not form.reason,
            wanted == "condition" and form.condition,
            wanted == "comparison" and form.compares,
            wanted == "comparison" and not form.compares,
            wanted == "list" and sentence.kind == "lead_in",
            wanted == "list" and form.enumerates,
            question.negated and form.negates,
            not question.negated and wanted != "yes_no" and form.negates,
            question.negated and not form.negates,
            (question.negated or wanted == "yes_no") and form.obliges,
            not asked.kinds and bool(kinds),
            is_heading(sentence),
            form.scrap,
            wanted in ("fact", "definition", "list") and form.announces,
            sentence.kind == "item",
            sentence.kind == "row",
            sentence.kind == "lead_in" and wanted != "list",
            min(len(text), 600) / 200,
            form.asks,
            asked.wording and form.quotes,
            asked.wording and not form.quotes,
            form.quotes and not asked.wording,
            wanted != "definition" and explains,
        )
    ]


_POINTS = re.compile(r"^\W*(?:se|zie|see|jf|vgl|cf)\b.{0,45}$", re.IGNORECASE)


def has_year(text: str) -> bool:
    """Whether a text names a year of our times."""
    return bool(_YEAR.search(text))


def says_nothing(sentence: Sentence) -> bool:
    """ "See section 4.8." says where something stands, not what; a question says nothing but with the list below it."""
    return bool(_POINTS.match(sentence.text)) or (sentence.kind != "lead_in" and sentence.text.rstrip().endswith("?"))


def is_heading(sentence: Sentence) -> bool:
    """A heading or an entry of a table of contents: it names a matter and does not say it."""
    text = sentence.text
    return sentence.lead_in < 0 and len(text) < 90 and not re.search(r"[.!?:;)”\"]$", text)


def is_blank(question: Question, sentence: Sentence) -> bool:
    """The sentence names the figure asked for and leaves it out."""
    if question.wanted == "price":
        return bool(_MONEY_BLANK.search(sentence.text))
    asked = question.kinds & _FIGURES_BLANK.keys() if question.wanted == "quantity" else ()
    return any(_FIGURES_BLANK[kind].search(sentence.text) for kind in asked)


def _counts(what: str, language: str, sentence: Sentence, in_language: str) -> bool:
    """The sentence has a figure right before the word for what is counted: "56 tabletten"."""
    found = terms(what, language)[:1]
    behind = re.findall(r"\d[\d.,]*\s+([^\W\d_]+)", sentence.text)
    return any(term.match(words_of(word, in_language)) >= 0.5 for term in found for word in behind)


def _explains(question: Question, sentence: Sentence) -> bool:
    """It says what a term of the question is: "osteoporose (en sygdom, …)", "RANKL er …"."""
    text = sentence.text.lower()
    says = r"(?:er|is|zijn|are|var|was|indeholder|bevat|contains|defineres|betyder|betekent|means|kaldes|heet)"
    for term in question.terms:
        word = re.escape(term.word[:8])
        bracket = "" if term.is_name else rf"|{word}\w*[\w\s-]{{0,25}}\("  # behind a name a bracket explains nothing
        if re.search(rf"{word}\w*\s(?:\([^)]*\)\s)?{says}\b|\b{says}\s(?:\w+\s){{0,2}}{word}{bracket}", text):
            return True
    return False


def says_what_it_is(question: Question, sentence: Sentence) -> bool:
    """Whether a sentence tells outright what the question asks the meaning or the name of.

    "X (a disease that …)" and "X means …" for a definition; "Y is the X", "the X is Y" for a name.
    """
    if question.wanted != "definition" and not _WHAT_IS.search(question.text):
        return False
    text = sentence.text.lower()
    words = [re.escape(term.word) for term in question.terms if not (term.is_name or term.generic)]
    if question.wanted == "definition":
        means = r"(?:betyder|betekent|means|defineres|is defined|wordt gedefinieerd)\b"
        return any(re.search(rf"\b{word}\w*\s(?:\([^)]{{12,}}|{means})", text) for word in words)
    the, be = r"(?:de |den |det |het |the )?", r"\s(?:er|is)\s"
    return any(re.search(rf"{be}{the}{word}\b|^{the}{word}(?:\s\S+){{0,4}}?{be}", text) for word in words)
