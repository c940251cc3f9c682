"""Questions that no document is searched for: advice on a person, chat, orders to the assistant, and no question at all."""

import re
from typing import Final, Literal

Declined = Literal["", "empty", "advice", "chat", "order"]

_RELATIVE = (
    r"(?:mor|far|søn|datter|kone|mand|kæreste|bror|søster|barn|bed\w*|farmor|mormor|farfar|morfar|nabo|veninde|ven"
    r"|moeder|vader|zoon|dochter|vrouw|man|partner|broer|zus|kind|oma|opa|buur\w*|vriend\w*"
    r"|mum|mom|mother|father|dad|son|daughter|wife|husband|brother|sister|child|kid|grand\w+|neighbour|friend)"
)
_MY = r"(?:min|mit|mijn|my|vores|onze|our)"
_ASKS = r"(?:skal|bør|kan|må|moet|mag|kan|zal|should|can|may|shall|ought)"
_THEM = r"(?:jeg|han|hun|ik|hij|zij|ze|i|he|she)"
_ME = (
    r"(?:jeg (?:er|har|tager|får|vejer|plejer)|ik (?:ben|heb|gebruik|neem|slik|weeg)|i (?:am|have|take|weigh|usually)|i'm|i've"
    rf"|{_MY} (?:blodsukker|blodtryk|dosis|læge|bloedsuiker|bloeddruk|arts|blood|dose|doctor|{_RELATIVE}))"
)
_ADVICE: Final = re.compile(
    r"\bsynes du\b|\bmener du\b|\bvind (?:je|jij|u)\b|\bdo you think\b|\bin your opinion\b|\bwhat would you\b|\bvil du anbefale\b"
    r"|\bzou (?:je|jij|u)\b|\bwould you (?:choose|take|recommend|pick|go for)\b|\bville du\b|\bi mit sted\b|\bin mijn plaats\b"
    r"|^(?:skal|bør|må|kan) jeg (?:selv |så |også |bare )*(?:tage|stoppe|holde|skifte|begynde|få|vælge|fortsætte|droppe)\b"
    r"|^(?:moet|mag|kan) ik\b.*\b(?:nemen|innemen|slikken|gebruiken|stoppen|kiezen|beginnen|overstappen|doorgaan|minderen)\W*$"
    r"|^(?:should|can|may|must) i (?:just |also |still )*(?:take|stop|quit|switch|start|choose|continue|skip|get|have)\b"
    r"|\bin my place\b|\bzal ik\b|\b(?:jeg er|ik ben|i am|i'm) \d+"
    rf"|\b{_ME}\b.*\b{_ASKS} {_THEM}\b|\b{_ASKS} {_THEM}\b.*\b{_ME}\b|\b{_MY} {_RELATIVE}\b.*\b{_ASKS}\b"
    rf"|\b{_ASKS} {_MY} {_RELATIVE}\b",
    re.IGNORECASE,
)
_CHAT: Final = re.compile(
    r"\bhvordan (?:går det|har du det)\b|\bhvem er du\b|\b(?:vittighed|vits|joke|mop|grap|grapje|gåde|raadsel|riddle|digt|gedicht|poem)\b"
    r"|\bhoe gaat het\b|\bwie ben (?:je|jij|u)\b|\bhow are you\b|\bwho are you\b|\btell me a story\b|\bgod weekend\b|\bgoed weekend\b"
    r"|\bgood weekend\b|\bvejret i\b|\bhet weer in\b|\bthe weather\b|\bfind(?:e)? på et (?:smart )?navn\b|\bbedenk een naam\b"
    r"|\bcome up with a name\b|\bwhat is your (?:name|favou?rite)\b|\bhvad hedder du\b|\bhoe heet (?:je|jij)\b",
    re.IGNORECASE,
)
_ORDER: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override|glem|ignorér|ignorer|se bort fra|negeer|vergeet|sla)\b.{0,50}"
    r"\b(?:instructions?|instruktion\w*|instruks\w*|instructies?|rules?|regler\w*|regels?|documents?|dokument\w*|documenten|leaflets?|indlægssed\w*|bijsluiters?"
    r"|above|ovenfor|ovenstående|hierboven|hiervoor|previous|tidligere|eerdere|vorige|foregående|everything|alt|alles)\b"
    r"|\bsystem ?prompt\w*|\bsysteemprompt\w*|\bfrom your own knowledge\b|\buit je eigen kennis\b|\bud fra din egen viden\b"
    r"|\b(?:you are now|du er nu|je bent nu|jij bent nu|pretend (?:to be|you)|lad som om|doe alsof|act as|opfør dig som)\b"
    r"|\b(?:write|skriv|schrijf)\b.{0,20}\b(?:me|mig|mij)\b.{0,12}\b(?:prescription|recept)\b",
    re.IGNORECASE,
)
_TO_A_MODEL: Final = re.compile(
    r"\b(?:ignore|disregard|forget|ignorer|glem|se bort fra|negeer|vergeet)\b.{0,40}\b(?:instruction|prompt|rule|above"
    r"|previous|instruks|anvisning|regler|ovenstående|tidligere|instructie|regels|bovenstaande|eerdere|vorige)"
    r"|\b(?:system prompt|you are now|du er nu en|je bent nu|as an ai|language model|sprogmodel|taalmodel|jailbreak)\b"
    r"|<\|?(?:im_start|system|assistant|user)|\[/?INST\]|</?evidence>",
    re.IGNORECASE | re.DOTALL,
)


def gives_orders(sentence: str) -> bool:
    """A document's sentence that gives orders to a reader such as this: it is no evidence, and no model sees it."""
    return _TO_A_MODEL.search(sentence) is not None


def declined(text: str, *, has_terms: bool) -> Declined:
    """Why a question is not looked up; "": it is.

    Args:
        has_terms: whether it holds a word to look for.
    """
    if _ORDER.search(text):
        return "order"
    if _ADVICE.search(text):
        return "advice"
    if _CHAT.search(text):
        return "chat"
    return "" if has_terms else "empty"
