"""The words by which a question shows what it wants, in three languages."""

import re
from typing import Final, Literal

Wanted = Literal[
    "interval", "price", "date", "quantity", "list", "yes_no", "definition", "reason", "condition", "comparison", "who", "fact"
]  # fmt: skip

_AGE = (
    r"\b(?:hvilken|welke|what|which|mindste|laveste|yngste|minimale|laagste|jongste|lowest|youngest|minimum) "
    r"(?:alder|leeftijd|age)\b|\b(?:mindste|minimum|minimums)-?(?:alder|leeftijd)\b|\baldersgrænse\w*|\bleeftijdsgrens\w*"
    r"|\bage limit\b"
)
_CUES: tuple[tuple[Wanted, str], ...] = (
    ("reason", r"^(?:og |en |and |men |maar |but )?(?:hvorfor|waarom|why|hvordan kan det være|hoezo|hoe komt het|how come)\b"),
    (
        "interval",
        r"\bhvor (?:ofte|tit|hyppigt?)\b|\bhvor mange gange\b|\bhyppighed\w*|\b\w*interval\w*|\bhoe ?vaak\b|\bhoe dikwijls\b"
        r"|\bom de hoeveel\b|\bhow (?:often|frequent\w*)\b|\bfrequency\b|\bfrequentie\b|\bhow many times\b|\bhoeveel keer\b"
        r"|\bhvor lang tid (?:skal der gå|går der) mellem\b|\bhow (?:long|far) (?:between|apart)\b",
    ),
    ("date", r"\b(?:hvilken|welke|which|what) (?:dag|dato|datum|day|date)\b"),  # also of "is paid for"
    (
        "price",
        r"\bhvad koster\b|\bpris\w*|\w*prisen?\b|\bkoster\b|\bwat kost\b|\bkosten\b|\bprijs\w*|\w*prijs\b|\bprice\w*|\bcosts?\b"
        r"|\bhow much (?:is|does .* cost)\b|\b(?:hvor meget|hoeveel|how much)\b[^?]*\b(?:betal\w*|betaal\w*|pays?|paid)\b",
    ),
    (
        "quantity",
        r"\b(?:hvor mange|hoeveel|how many) (?:procent\w*|percent\w*|per cent|pct|%)|\b(?:which|what|welk) percentage\b"
        r"|\bhvor stor en (?:andel|del)\b|\bwelk (?:aan)?deel\b|\b(?:what|which) (?:share|proportion)\b",
    ),
    (
        "condition",
        r"\b(?:hvornår|wanneer|when) (?:skal|bør|må|kan|moet|mag|moeten|mogen|kunnen|must|should|may|can|do|does|is it|would)\b"
        r"|\bunder what (?:conditions?|circumstances)\b|\bunder hvilke (?:betingelser|omstændigheder|vilkår)\b"
        r"|\bonder welke (?:voorwaarden?|omstandigheden)\b|\bi hvilke tilfælde\b|\bin (?:welke gevallen|which cases|what cases)\b"
        r"|\bop (?:welke|wat voor) voorwaarden?\b|\bpå hvilke betingelser\b",
    ),
    (
        "date",
        r"\bhvornår\b|\bhvornaar\b|\bdato\w*|\bhvilket år\b|\bhvilke dato\w*|\bwanneer\b|\bdatum\b|\bwelk jaar\b|\bwhen\b"
        r"|\bdate\b|\b(?:which|what) year\b|\bsince when\b|\bhvilken dag\b|\bsinds wanneer\b|\bsiden hvornår\b",
    ),
    (
        "comparison",
        r"\bforskel\w*|\bverschil\w*|\bdifferen\w+|\bsammenlign\w*|\bcompar(?:e|ed|ison)\b|\bvergelek\w*|\bvergelijk\w*"
        r"|\b(?:bedre|dårligere|dyrere|billigere|mere \w+|mindre \w+) end\b"
        r"|\b(?:beter|slechter|duurder|goedkoper|meer \w+|minder \w+) dan\b"
        r"|\b(?:better|worse|cheaper|dearer|more \w+|less \w+) than\b|\bversus\b|\bvs\b|\bi forhold til\b|\bten opzichte van\b",
    ),
    (
        "quantity",
        r"\bhvor (?:meget|mange|stor\w*|høj\w*|lang\w*|længe|gammel)\b|\bdosis\b|\bdosering\w*|\bdosage\b|\bdose\b|\bhoeveel\b"
        r"|\bhoe ?(?:lang|groot|hoog|veel|oud)\b|\bhow (?:much|many|large|high|long|old|big|late|soon)\b|\bantal\b|\baantal\b"
        r"|\bprocent\w*|\bpercent\w*|\bmilligram\w*|\bmg\b|%|\bstyrke\b|\bsterkte\b|\bstrength\b|\bnumber of\b|\bgrænse\w*"
        r"|\btemperatur\w*|\btemperatuur\b|\btemperature\b|\bandel\b|\baandeel\b|\bproportion\b"
        rf"|{_AGE}",
    ),
    ("reason", r"\bhvorfor\b|\bwaarom\b|\bwhy\b|(?<!ingen )\bårsag\w*|(?<!geen )\breden\b|(?<!no )\breason\w*|\bbegrundelse\w*"),
    (
        "list",
        r"\bnævn\b|\bopremse\b|\bliste\b|\bhvilke\b|\bnoem\b|\bsom op\b|\bopsommen\b|\bwelke\b|\blist\b|\bwhich\b[^?]*\b\w+s\b"
        r"|\bwhat are\b|\bhvad er de\b|\bwat zijn de\b|\bname (?:all|the)\b",
    ),
    (
        "yes_no",
        r"^(?:og |en |and |men |maar |but )?"
        r"(?:er|har|kan|må|skal|bør|får|gives|findes|blev|var|bliver|vil|gælder|anbefales?|bruges|dækker|nedsætter|øger|fik"
        r"|indeholder|virker|behøver|kræver|påvirker|hjælper|tager|giver"
        r"|is|are|was|were|do|does|did|can|may|must|should|has|have|will|could"
        r"|zijn|heeft|kan|mag|moet|wordt|werd|worden|hebben|kunnen|mogen|krijgt|geldt|bestaat|bevat|werkt|helpt|moeten|hoeft"
        r"|zal|krijgen|vergoedt|vereist)\b",
    ),
    (
        "who",
        r"\b(?:hvem|wie|who|whom)\b|\bhvilken (?:læge|afdeling|myndighed|virksomhed)\b|\bwelke (?:arts|instantie|firma)\b"
        r"|\bwhich (?:doctor|company|body|specialist)\b",
    ),
    ("price", r"\b(?:pays?|paid)\b|\bbetaal(?:t|d|de|den)?\b|\bbetalen\b|\bbetaler?\b"),  # who, for what, whether: above
    (
        "definition",
        # "What is the clause?" asks for the clause; "what is a clause?" for what the word means.
        r"^(?:hvad er(?! (?:den|det|de|der)\b| \w{4,}(?:en|et|erne)\b (?:for|på|af|i|til|ved|om|med|hos)\b)"
        r"|wat is(?! (?:de|het|er)\b)|what(?: is|'s)(?! (?:the|its|your)\b)|hvad betyder|hvad vil det sige|hvad dækker"
        r"|hvad menes|wat betekent|wat houdt|what does .* mean|what is meant)\b",
    ),
)  # fmt: skip
_COMPILED = tuple((wanted, re.compile(cue)) for wanted, cue in _CUES)

UNITS: Final = (
    # Behind a figure a unit belongs to what is asked about: "by how much did 8 mg lower it?"
    ("mg", re.compile(r"(?<!\d)(?<!\d )\b(?:milligram\w*|mg)\b")),
    ("%", re.compile(r"(?<!\d)(?<!\d )(?:%|\bprocent\w*|\bpercent\w*|\bpct\b)|\b(?:andel|aandeel|proportion)\b")),
    (
        "people",
        re.compile(
            r"\b(?:hvor mange|hoeveel|how many|antal|aantal|number of)\b\W+(?:[^\W\d_]+\W+){0,2}?(?:personer|patienter|kvinder"
            r"|mænd|deltagere|deltog|børn|voksne|vrouwen|mannen|pati[eë]nten|personen|deelnemers|kinderen|volwassenen|mensen"
            r"|women|men|patients|people|participants|children|adults|pts?|ptt)\b"
        ),
    ),
)
# Asks for an age.
AGED: Final = re.compile(rf"\b(?:hvor gam(?:mel|le)|hoe oud|how old)\b|{_AGE}")
# Asks for a length of time.
LASTING: Final = re.compile(r"\bhvor (?:længe|lang tid)\b|\bhoe ?lang\b|\bhow long\b")
# Asks outright for a date, a price, a percentage or a number of people.
EXACT: Final = re.compile(
    r"\b(?:hvilken|hvilke|welke|what|which) (?:dato\w*|datum|date)\b|\bhvilket år\b|\bwelk jaar\b|\b(?:what|which) year\b"
    r"|\bhvad koster\b|\bwat kost(?:te|en)?\b|\bhow much (?:does|do|did|is|was) .*\bcosts?\b|\bwhat does .*\bcost\b"
    r"|\b(?:hvor mange|hoeveel|how many) (?:procent\w*|percent\w*|per cent|pct|%)|\b(?:which|what|welk) percentage\b"
    r"|\b(?:hvor mange|hoeveel|how many) (?:personer|patienter|kvinder|mænd|deltagere|vrouwen|mannen|pati[eë]nten|personen"
    r"|deelnemers|women|men|patients|people|participants)\b|\bmed hvor mange procent\b"
)
# Asks for words as they stand: a clause, a wording.
WORDING: Final = re.compile(
    r"\b\w*klausul\w*|\bclausule\w*|\bclauses?\b|\bordlyd\w*|\bwording\b|\bbewoording\w*|\bformuler\w*|\bformulat\w*"
    r"|\b(?:hvordan|hvad) lyder\b|\bhoe luidt\b|\bhow does .* read\b|\bexact (?:text|words)\b|\bpræcise tekst\b"
    r"|\bprecieze tekst\b|\bvilkår\w*|\bbetingelse\w*|\bvoorwaarden?\b|\bconditions?\b"
)
# Words that say which shape the answer has; the shape itself is looked for, not the word.
SHAPE: Final = re.compile(
    r"milligrams?|procent\w*|percent\w*|pct|antal|aantal|number|dato\w*|datum|date|years?|år|jaar|jaren|uger?|weken|weeks?|måneder|maanden|months?|interval\w*|hyppighed|frequentie"
    r"|frequency|nummer|how many times|many times|gange|keer|betyder|betydning|betekent|betekenis|means?|meaning|ptt|pts|deltog"
    r"|deltagere?|deltaget|indgik|namen deel|d(?:oen|eden|eed) mee|deelnemers?|deelgenomen|participants?|participated|took part|enrolled|wanneer"
    r"|hvornår|when|per ?cent|forskel\w*|verschil\w*|differen\w+"
)


# Of a question that begins with its verb these are what it speaks of, not what it wants: "must the dose be lowered?".
_SPOKEN_OF: Final = frozenset(("interval", "price", "quantity", "date", "list"))
ASKING: Final = re.compile(
    r"\b(?:hv(?:or|ad|em|ornår|ilken|ilket|ilke)|hoe|hoeveel|wat|wie|wanneer|welke?|how|what|who|when|which)\b",
    re.IGNORECASE,
)
_ASKED_OF: Final = re.compile(r"^(?:\w+ )?(?:kan|kunt|can|could|will|wil|vil) (?:du|de|i|you|u|je|jij|jeg|ik|we)\b")


def wanted_by(lowered: str) -> Wanted:
    """What a question in lower case wants; "fact" where nothing tells."""
    wanted: Wanted = next((kind for kind, cue in _COMPILED if cue.search(lowered)), "fact")
    if wanted not in _SPOKEN_OF or not dict(_COMPILED)["yes_no"].search(lowered):
        return wanted
    return wanted if ASKING.search(lowered) or _ASKED_OF.search(lowered) else "yes_no"
