"""Which of the three languages a text is in."""

import re
from functools import cache
from typing import Any

from assistant.documents.model import LANGUAGES

_SHORT = 60  # characters; below, function words and letters of one language only have a say
_SIGNS = {
    "da": r"\b(?:hvor|hvad|hvem|hvilk\w+|hvorfor|hvordan|hvornår|er|ikke|og|på|til|af|med|må|skal|ved|i|jeg|det|som|kan|for|ud"
    r"|får|gives|bivirkning\w*|antal)\b|[æøå]",
    "nl": r"\b(?:hoe|wat|wie|welke?|waarom|wanneer|waar|is|niet|en|het|een|voor|van|met|mag|moet|bij|ik|de|dan|kan|wordt"
    r"|bijwerking\w*|aantal)\b|ij|sch|aa|uu",
    "en": r"\b(?:how|what|who|which|why|when|where|is|not|and|the|for|of|with|must|should|does|do|can|side|effects?|are|was"
    r"|given|many|much|or|to|an?)\b|\bth|\bwh|ing\b",
}


def detect(text: str) -> str:
    """The language of a text: "da", "nl" or "en"; of a text that gives nothing away, a guess."""
    return detect_with_confidence(text)[0]


def detect_with_confidence(text: str) -> tuple[str, float]:
    """The language of a text, and how sure that is: 0 to 1."""
    language, confidence = _identifier().classify(text)
    if len(text) > _SHORT:
        return str(language), float(confidence)
    lowered = text.lower()
    signs = {code: len(re.findall(pattern, lowered)) for code, pattern in _SIGNS.items()}
    best = max(LANGUAGES, key=lambda code: (signs[code], code == language))
    others = max(count for code, count in signs.items() if code != best)
    if signs[best] >= others + 2 or (signs[best] > others and confidence < 0.9):
        return best, max(float(confidence) if best == language else 0.0, 0.6)
    return str(language), float(confidence)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
