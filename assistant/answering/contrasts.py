"""Words that set one thing apart from another: adults and children, kidneys and liver, placebo and medicine.

Two sentences of which one says "children" and the other "adults" do not contradict each other, whatever their figures.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

_FAMILIES: dict[str, dict[str, str]] = {
    "age": {
        "child": r"b[øo]rn\w*|barn\w*|pædiatri\w*|spædb\w*|kind(?:eren)?\b|kinder\w*|pediatri\w*|child\w*|paediatric\w*|infant\w*|zuigeling\w*"
        r"|(?:\d|1[01])(?:[- ](?:årige?s?|jarige?n?|year[- ]olds?)\b)",
        "adolescent": r"unge\b|teenage\w*|jongere[n]?\b|tieners?\b|adolescent\w*|young people"
        r"|1[2-7][- ](?:årige?s?|jarige?n?|year[- ]olds?)\b",
        "adult": r"voksne?\b|volwassene?n?\b|adults?\b",
        "elderly": r"ældre(?! end)|ouderen|elderly|older (?:people|patients|adults)|80-plussers"
        r"|(?:over|above|ouder dan|older than|ældre end|boven)(?: de)? [6-9]\d\b|[6-9]\d (?:år|jaar|years)(?: of age)? (?:og (?:derover|ældre)|en ouder|or (?:over|older|above))"
        r"|[6-9]\d-årige?",
    },
    "sex": {
        "male": r"mænd\w*|mandlig\w*|mannen|mannelijke?|men\b|males?\b",
        "female": r"kvinde\w*|vrouw\w*|wom[ae]n|females?\b",
    },
    "organ": {
        "kidney": r"nyre\w*|nier(?:en|functie|ziekte|patiënt\w*|insuffici\w*)?\b|renal|kidney\w*|kreatinin\w*|creatinin\w*|\w*dialys\w*|hæmodialyse|egfr",
        "liver": r"lever\w*|hepat\w*|liver|child-pugh",
        "pregnancy": r"gravid\w*|zwanger\w*|pregnan\w*|amning|ammer?\b|amme\b|borstvoeding\w*|breast-?feed\w*|lactation|conception|prævention|anticonceptie|contracepti\w*|undfangelse",
    },
    "degree": {
        "mild": r"let\b|lette?\b|lichte?\b|milde?\b",
        "moderate": r"moderat\w*|moderate|matige?\b|middelsvær\w*",
        "severe": r"svær\w*|alvorlig\w*|ernstig\w*|severe\w*|serious\w*|zware?\b|major|stor\b|store\b|større|groot\w*|grote\b|livstruende",
        "low": r"lav risiko|laag risico|low risk|mindre (?:indgreb|operationer)|minor|kleine ingreep|kleine ingrepen",
    },
    "arm": {
        "placebo": r"placebo\w*|kontrolgruppe\w*|kontrolarm\w*|controlegroep|control (?:group|arm)",
    },
    "phase": {
        "start": r"start\w*|begynd\w*|begin\w*|aanvang\w*|opstart\w*|initial\w*|første dosis|first dose|eerste dosis|loading|mætnings\w*|oplaad\w*|initieel|indled\w*",
        "maintenance": r"vedligehold\w*|onderhoud\w*|maintenance|derefter|daarna|thereafter|efterfølgende|vervolg\w*",
        "usual": r"sædvanlig\w*|gebruikelijke?|usual|anbefalede|recommended|aanbevolen|normale?",
        "maximum": r"maks\w*|maxim\w*|højst|hoogst\w*|ten hoogste|at most|no more than",
    },
    "line": {
        "first": r"førstevalg\w*|første ?linje\w*|eerste ?lijn\w*|first.line|eerste keus|first choice|ubehandled\w*|untreated|not been treated before|onbehandeld\w*|hidtil",
        "second": r"andetvalg\w*|anden ?linje\w*|tweede ?lijn\w*|second.line|tweede keus|second choice|tidligere behandl\w*|previously treated|eerder behandel\w*|earlier",
        "third": r"tredjevalg\w*|tredje ?linje\w*|derde ?lijn\w*|third.line",
    },
    "often": {
        "very common": r"meget almindelig\w*|zeer vaak|very common",
        "uncommon": r"ikke almindelig\w*|soms\b|uncommon",
        "very rare": r"meget sjælden\w*|zeer zelden|very rare\w*",
        "rare": r"sjælden\w*|zelden|rare\w*",
        "common": r"almindelig\w*|vaak|common\w*",
    },
    "time of day": {
        "morning": r"morgen\w*|ochtend\w*|morning\w*|formiddag\w*",
        "evening": r"aften\w*|avond\w*|evening\w*|nat\b|nacht\w*|night\w*|sengetid",
    },
    "opened": {
        "unopened": r"uåbne\w*|ongeopend\w*|unopened|før åbning|før anbrud",
        "opened": r"åbn(?:et|ing|ede)\w*|anbrud\w*|i brug\b|geopend\w*|na opening|na openen|in gebruik|after (?:first )?opening|in use|opened",
        "mixed": r"fortynd\w*|opløst|rekonstitu\w*|reconstitu\w*|dilut\w*|verdun\w*|klaargemaakt\w*|bereid\w*|tilberedt\w*|blandet|gemengd|mixed",
    },
    "form": {
        "tablet": r"tablet\w*|pille\w*|pillen",
        "capsule": r"kaps\w*|capsul\w*",
        "injection": r"injektion\w*|injecti\w*|inject\w*|sprøjte\w*|spuit\w*|syringe\w*|pen(?:ne|nen|s)?\b|infusion\w*|infus\w*",
        "oral liquid": r"oral opløsning|oral solution|drank\b|sirup|syrup|siroop|mikstur|drops|dråber|druppels",
    },
    "end": {"least": r"mindst|minimum|ten ?minste|minstens|at least", "most": r"højst|op til|up to|hoogst\w*|ten hoogste|at most|maximaal"},
}  # fmt: skip
_YOUNG = re.compile(r"\b1[2-7][- ](?:årig|jarig|year)", re.IGNORECASE)  # documents say "children" of them as well
_SPECIAL = frozenset(("child", "kidney", "liver", "placebo", "pregnancy", "elderly"))  # never meant where not said


@dataclass(frozen=True, slots=True)
class Contrasts:
    """What a text sets apart, by family."""

    named: tuple[tuple[str, frozenset[str]], ...] = ()

    def over(self, wider: "Contrasts") -> "Contrasts":
        """These, and of families that are not named here, what a wider text says."""
        mine = dict(self.named)
        return Contrasts(tuple({**dict(wider.named), **mine}.items()))

    def exclude(self, other: "Contrasts") -> bool:
        """Whether the two speak of different things: of children here and of adults there, or of children only here."""
        mine, theirs = dict(self.named), dict(other.named)
        for family in (mine.keys() | theirs.keys()) - {"end"}:
            here, there = mine.get(family, frozenset()), theirs.get(family, frozenset())
            if here and there and not here & there:
                return True
            if (here ^ there) & _SPECIAL and not (here and there):
                return True
        return False


@lru_cache(maxsize=50_000)
def contrasts(text: str) -> Contrasts:
    """What a text in Danish, Dutch or English sets apart."""
    found = []
    for family, pattern in _patterns().items():
        names = frozenset(str(match.lastgroup).replace("_", " ") for match in pattern.finditer(text))
        if "adolescent" in names and _YOUNG.search(text):
            names |= {"child"}
        if names:
            found.append((family, names))
    return Contrasts(tuple(found))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        family: re.compile(
            "|".join(rf"(?P<{name.replace(' ', '_')}>\b(?:{words}))" for name, words in members.items()), re.IGNORECASE
        )
        for family, members in _FAMILIES.items()
    }
