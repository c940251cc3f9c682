"""What the assistant says in its own words, in the asker's language. Documents speak for themselves; this is the rest."""

from typing import Literal

Reason = Literal[
    "missing", "premise", "not_covered", "blank", "advice", "chat", "order", "empty", "unclear", "nothing_indexed"
]  # fmt: skip

_ABSTAINED: dict[str, dict[Reason, str]] = {
    "da": {
        "missing": "Det står ikke i dokumenterne. Der er søgt i {searched}{about}.",
        "premise": "Dokumenterne siger ikke, at det er sådan, og begrunder det derfor ikke. Der er søgt i {searched}{about}.",
        "not_covered": "Ingen af dokumenterne handler om {named}. Der er søgt i {searched}.",
        "blank": "Værdien er ikke oplyst: dokumentet lader den stå tom.",
        "advice": "Det kan jeg ikke rådgive om. Jeg gengiver kun, hvad dokumenterne siger; spørg læge eller apotek.",
        "chat": "Jeg svarer kun på spørgsmål om indholdet af dokumenterne.",
        "order": "Det kan jeg ikke: jeg gengiver kun, hvad dokumenterne siger, og følger ikke anvisninger om andet.",
        "unclear": "Jeg forstår ikke spørgsmålet: ingen af ordene kendes. Skriv det gerne på en anden måde.",
        "empty": "Stil et spørgsmål om indholdet af dokumenterne, så søger jeg svaret der.",
        "nothing_indexed": "Der er endnu ingen dokumenter at søge i.",
    },
    "nl": {
        "missing": "Dat staat niet in de documenten. Er is gezocht in {searched}{about}.",
        "premise": "De documenten zeggen niet dat het zo is en geven er dus geen reden voor. Er is gezocht in {searched}{about}.",
        "not_covered": "Geen van de documenten gaat over {named}. Er is gezocht in {searched}.",
        "blank": "De waarde is niet vermeld: het document laat die open.",
        "advice": "Daarover kan ik niet adviseren. Ik geef alleen weer wat de documenten zeggen; vraag arts of apotheker.",
        "chat": "Ik beantwoord alleen vragen over de inhoud van de documenten.",
        "order": "Dat kan ik niet: ik geef alleen weer wat de documenten zeggen en volg geen andere aanwijzingen.",
        "unclear": "Ik begrijp de vraag niet: geen van de woorden is bekend. Vraag het gerust op een andere manier.",
        "empty": "Stel een vraag over de inhoud van de documenten, dan zoek ik daar het antwoord.",
        "nothing_indexed": "Er zijn nog geen documenten om in te zoeken.",
    },
    "en": {
        "missing": "The documents do not say. Searched: {searched}{about}.",
        "premise": "The documents do not say that this is so, and so give no reason. Searched: {searched}{about}.",
        "not_covered": "None of the documents is about {named}. Searched: {searched}.",
        "blank": "The value is not given: the document leaves it blank.",
        "advice": "I cannot advise on that. I only pass on what the documents say; ask a doctor or pharmacist.",
        "chat": "I only answer questions about what the documents say.",
        "order": "I cannot do that: I only pass on what the documents say, and follow no other instructions.",
        "unclear": "I do not understand the question: none of its words is known. Please put it another way.",
        "empty": "Ask about what the documents say, and I will look for the answer there.",
        "nothing_indexed": "There are no documents to search yet.",
    },
}
_SEARCHED = {
    "da": ("ét dokument", "{n} dokumenter"),
    "nl": ("één document", "{n} documenten"),
    "en": ("one document", "{n} documents"),
}
_ABOUT = {
    "da": "; intet svarer på {terms}",
    "nl": "; niets beantwoordt {terms}",
    "en": "; nothing in them answers {terms}",
}
_UNANSWERED = {
    "da": "Dokumenterne besvarer ikke: {part}",
    "nl": "De documenten beantwoorden niet: {part}",
    "en": "The documents do not answer: {part}",
}
_YES_NO = {"da": ("Ja.", "Nej."), "nl": ("Ja.", "Nee."), "en": ("Yes.", "No.")}
_SEE_ALSO = {"da": "Se også:", "nl": "Zie ook:", "en": "See also:"}
_ONE_OF_TWO = {
    "da": "Svaret er formentlig det ene af de to steder; læs begge.",
    "nl": "Het antwoord is vermoedelijk een van beide plaatsen; lees ze allebei.",
    "en": "The answer is probably one of the two places; read both.",
}
_QUOTES = {"da": "»{}«", "nl": "‘{}’", "en": "“{}”"}


def abstention(reason: Reason, language: str, *, searched: int = 0, missing: tuple[str, ...] = ()) -> str:
    """Why there is no answer, in `language` (da, nl or en; others get English).

    Args:
        searched: how many documents were searched.
        missing: words of the question that nothing found speaks of.
    """
    spoken = language if language in _ABSTAINED else "en"
    one, many = _SEARCHED[spoken]
    quoted = _quoted(missing[:3], spoken)
    return _ABSTAINED[spoken][reason].format(
        searched=one if searched == 1 else many.format(n=searched),
        about=_ABOUT[spoken].format(terms=quoted) if quoted else "",
        named=quoted,
    )


def unanswered(parts: tuple[str, ...], language: str) -> str:
    """Which of several questions the documents do not answer; "" where they answer all."""
    spoken = language if language in _UNANSWERED else "en"
    return _UNANSWERED[spoken].format(part=_quoted(parts, spoken)) + "." if parts else ""


def yes_or_no(decided: bool, language: str) -> str:
    """ "Yes." or "No.", in `language`."""
    yes, no = _YES_NO.get(language, _YES_NO["en"])
    return yes if decided else no


def see_also(language: str) -> str:
    """What announces a sentence that may be meant too, in `language`."""
    return _SEE_ALSO.get(language, _SEE_ALSO["en"])


def one_of_two(language: str) -> str:
    """That neither of two sentences is sure enough alone, in `language`."""
    return _ONE_OF_TWO.get(language, _ONE_OF_TWO["en"])


def _quoted(words: tuple[str, ...], language: str) -> str:
    return ", ".join(_QUOTES[language].format(word) for word in words)
