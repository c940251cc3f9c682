"""Does the evidence say yes or no? Only where it says all that was asked, once, and without an if or a but."""

import re
from typing import Final

from assistant.answering.evidence import Evidence
from assistant.answering.question import Question
from assistant.answering.shape import NEGATION

_MET = 0.75  # how surely the sentence itself must have each word of the question
_AGAINST: Final = re.compile(
    r"\b(?:frarådes|undgås?|afgeraden|vermeden|vermijd\w*|avoid\w*|advised against|forbudt|verboden|prohibited)\b",
    re.IGNORECASE,
)
_BUT: Final = re.compile(
    r"\b(?:hvis|når|såfremt|medmindre|undtagen|kun|måske|muligvis|mindre|dog|ellers|als|indien|wanneer|tenzij|behalve"
    r"|alleen|uitsluitend|mogelijk|misschien|echter|anders|if|when|unless|except|only|might|may|could|perhaps|possibly"
    r"|foresl\w+|antog\w*|mente|hævde\w*|voorgesteld|stelde\w*|beweer\w*|propos\w+|claim\w*|assum\w+|suggest\w*"
    r"|however|otherwise|but|men|maar|either|enten|ofwel|less|more|mere|minder|meer)\b",
    re.IGNORECASE,
)
_DIRECTION: Final = re.compile(
    r"\b(?:øge\w*|nedsæt\w*|sænk\w*|stig\w*|fald\w*|verhoog\w*|verlaag\w*|verhogen|verlagen|stijg\w*|daal\w*|increas\w*"
    r"|decreas\w*|reduc\w*|rais\w*|lower\w*|higher|højere|lavere|hoger|lager)\b",
    re.IGNORECASE,
)


def decided(question: Question, evidence: Evidence) -> bool | None:
    """Yes, no, or None where the evidence does not decide the question, or it was no question for yes or no."""
    text = evidence.sentence.text
    if question.wanted != "yes_no" or question.negated or evidence.sentence.kind != "sentence" or text.endswith(":"):
        return None
    if evidence.candidate.language != question.language:
        return None
    if _BUT.search(text) or _DIRECTION.search(question.text):
        return None
    asked = [own for term, own in zip(question.terms, evidence.own, strict=True) if not (term.is_name or term.generic)]
    if not asked or min(asked) < _MET:
        return None
    against = len(NEGATION.findall(text)) + len(_AGAINST.findall(text))
    return None if against > 1 else not against
