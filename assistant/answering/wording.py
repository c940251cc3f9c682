"""What the assistant says in its own words, in the asker's language. Documents speak for themselves; this is the rest."""

from typing import Literal

Reason = Literal["missing", "blank", "advice", "empty", "nothing_indexed"]

_ABSTAINED: dict[str, dict[Reason, str]] = {
    "da": {
        "missing": "Det står ikke i dokumenterne. Der er søgt i {searched}{about}.",
        "blank": "Værdien er ikke oplyst: dokumentet lader den stå tom.",
        "advice": "Det kan jeg ikke rådgive om. Jeg gengiver kun, hvad dokumenterne siger; spørg læge eller apotek.",
        "empty": "Stil et spørgsmål om indholdet af dokumenterne, så søger jeg svaret der.",
        "nothing_indexed": "Der er endnu ingen dokumenter at søge i.",
    },
    "nl": {
        "missing": "Dat staat niet in de documenten. Er is gezocht in {searched}{about}.",
        "blank": "De waarde is niet vermeld: het document laat die open.",
        "advice": "Daarover kan ik niet adviseren. Ik geef alleen weer wat de documenten zeggen; vraag arts of apotheker.",
        "empty": "Stel een vraag over de inhoud van de documenten, dan zoek ik daar het antwoord.",
        "nothing_indexed": "Er zijn nog geen documenten om in te zoeken.",
    },
    "en": {
        "missing": "The documents do not say. Searched: {searched}{about}.",
        "blank": "The value is not given: the document leaves it blank.",
        "advice": "I cannot advise on that. I only pass on what the documents say; ask a doctor or pharmacist.",
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
_QUOTES = {"da": "»{}«", "nl": "‘{}’", "en": "“{}”"}


def abstention(reason: Reason, language: str, *, searched: int = 0, missing: tuple[str, ...] = ()) -> str:
    """Why there is no answer, in `language` (da, nl or en; others get English).

    Args:
        searched: how many documents were searched.
        missing: words of the question that nothing found speaks of.
    """
    spoken = language if language in _ABSTAINED else "en"
    one, many = _SEARCHED[spoken]
    quoted = ", ".join(_QUOTES[spoken].format(word) for word in missing[:3])
    return _ABSTAINED[spoken][reason].format(
        searched=one if searched == 1 else many.format(n=searched),
        about=_ABOUT[spoken].format(terms=quoted) if quoted else "",
    )
