"""Leaflets from templates, by seed: as many passages as are asked for, and questions that they answer."""

import random
from dataclasses import dataclass
from pathlib import Path

PASSAGES = 10  # in a leaflet: one under each of its headings
_BEGIN = ("Al", "Bru", "Cor", "Den", "El", "Fa", "Gli", "Hy", "Ki", "Lo", "Mu", "No", "Ope", "Pri", "Ri", "Sa", "Ta")
_MIDDLE = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ra", "se", "ti", "vo", "xa", "zy")
_END = ("lin", "min", "ran", "tor", "vex", "xan", "zol", "ren", "dan", "pril")
_SUBSTANCE = ("mab", "tinib", "sartan", "prazol", "statin", "gliptin", "oxacin", "idon")


@dataclass(frozen=True)
class Tongue:
    """What leaflets of one language are made of."""

    title: str
    headings: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]  # a heading each, as many as `headings`
    questions: tuple[str, ...]
    who: tuple[str, ...]
    illness: tuple[str, ...]
    effect: tuple[str, ...]


TONGUES = {
    "da": Tongue(
        "Vejledning om {name}",
        ("Hvad {name} er", "Dosis", "Må ikke bruges", "Forsigtighed", "Andre lægemidler", "Graviditet",
         "Bivirkninger", "Opbevaring", "Undersøgelser", "Tilskud"),
        (
            ("{name} indeholder {substance} og bruges mod {illness} hos {who}.",
             "{substance} virker ved at dæmpe {illness} og den {effect}, som følger med.",
             "Der er {n} mg {substance} i hver tablet."),
            ("Den anbefalede dosis til {who} er {n} mg hver {m}. dag.",
             "Ved {illness} kan dosis øges til {n} mg efter {m} uger.",
             "Har {who} også {illness}, gives {n} mg af {name} om morgenen."),
            ("{name} må ikke bruges af {who} med {illness}.",
             "Brug ikke {name}, hvis du tidligere har fået {effect} af {substance}.",
             "Efter {m} uger uden virkning standses behandlingen."),
            ("Kontakt lægen, hvis du får {effect} inden for {m} dage.",
             "Hos {who} med {illness} skal nyrefunktionen måles hver {m}. uge.",
             "Forsigtighed tilrådes ved mere end {n} mg om dagen."),
            ("{name} kan øge virkningen af {other} med {n} %.",
             "Tag ikke {other} inden for {m} timer efter {name}.",
             "Samtidig brug af {other} kan give {effect} hos {who}."),
            ("Gravide bør kun bruge {name} ved svær {illness}.",
             "{substance} går over i modermælken i {n} % af tilfældene.",
             "Brug prævention i {m} måneder efter sidste dosis af {name}."),
            ("Af {n} patienter fik {m} % {effect}.",
             "Almindelig hos {who}: {effect} og {effect2}.",
             "{effect2} forsvinder som regel efter {m} dage."),
            ("{name} opbevares ved højst {m} °C.",
             "Efter åbning holder {name} sig i {m} uger.",
             "Pakningen med {n} tabletter skal beskyttes mod lys."),
            ("I en undersøgelse med {n} {who} faldt {illness} med {m} %.",
             "Sammenlignet med {other} var forskellen {m} procentpoint.",
             "Undersøgelsen varede {m} måneder og omfattede {n} patienter."),
            ("Der ydes tilskud til {name} for {who} med {illness}.",
             "Tilskuddet gælder fra den {m}. måned og højst {n} tabletter.",
             "Prisen for {other} er lagt til grund."),
        ),
        ("Hvor ofte gives {name} til {who}?", "Hvor mange fik {effect} af {name}?", "Hvordan opbevares {name}?",
         "Må {who} med {illness} bruge {name}?", "Kan {name} tages sammen med {other}?"),
        ("voksne", "børn over 12 år", "ældre", "unge", "kvinder efter overgangsalderen", "mænd over 50 år"),
        ("gigt", "astma", "eksem", "migræne", "forhøjet blodtryk", "knogleskørhed", "blodmangel", "epilepsi",
         "stofskiftesygdom", "hjertesvigt", "sukkersyge", "psoriasis", "allergi", "søvnløshed", "nyresvigt"),
        ("hovedpine", "kvalme", "udslæt", "svimmelhed", "træthed", "feber", "hoste", "muskelsmerter", "mavesmerter",
         "blødning", "hududslæt", "rygsmerter", "forstoppelse", "diarré", "hjertebanken"),
    ),
    "nl": Tongue(
        "Handleiding bij {name}",
        ("Wat {name} is", "Dosering", "Niet gebruiken", "Voorzichtigheid", "Andere geneesmiddelen", "Zwangerschap",
         "Bijwerkingen", "Bewaren", "Onderzoek", "Vergoeding"),
        (
            ("{name} bevat {substance} en wordt gebruikt tegen {illness} bij {who}.",
             "{substance} remt {illness} en de {effect} die daarbij hoort.",
             "Elke tablet bevat {n} mg {substance}."),
            ("De aanbevolen dosis voor {who} is {n} mg om de {m} dagen.",
             "Bij {illness} kan de dosis na {m} weken naar {n} mg worden verhoogd.",
             "Hebben {who} ook {illness}, dan wordt 's ochtends {n} mg {name} gegeven."),
            ("{name} mag niet worden gebruikt door {who} met {illness}.",
             "Gebruik {name} niet als u eerder {effect} kreeg van {substance}.",
             "Na {m} weken zonder werking stopt de behandeling."),
            ("Neem contact op met uw arts bij {effect} binnen {m} dagen.",
             "Bij {who} met {illness} wordt de nierfunctie elke {m} weken gemeten.",
             "Voorzichtigheid is geboden bij meer dan {n} mg per dag."),
            ("{name} kan de werking van {other} met {n} % versterken.",
             "Neem {other} niet binnen {m} uur na {name}.",
             "Samen met {other} kan {effect} optreden bij {who}."),
            ("Zwangere vrouwen gebruiken {name} alleen bij ernstige {illness}.",
             "{substance} komt in {n} % van de gevallen in de moedermelk.",
             "Gebruik anticonceptie tot {m} maanden na de laatste dosis {name}."),
            ("Van {n} patiënten kreeg {m} % last van {effect}.",
             "Vaak bij {who}: {effect} en {effect2}.",
             "{effect2} verdwijnt meestal na {m} dagen."),
            ("Bewaar {name} bij hoogstens {m} °C.",
             "Na openen is {name} nog {m} weken houdbaar.",
             "Bescherm de verpakking van {n} tabletten tegen licht."),
            ("In een onderzoek onder {n} {who} nam {illness} met {m} % af.",
             "Vergeleken met {other} was het verschil {m} procentpunt.",
             "Het onderzoek duurde {m} maanden en telde {n} patiënten."),
            ("{name} wordt vergoed voor {who} met {illness}.",
             "De vergoeding geldt vanaf maand {m} en voor hoogstens {n} tabletten.",
             "De prijs van {other} is het uitgangspunt."),
        ),
        ("Hoe vaak wordt {name} aan {who} gegeven?", "Hoeveel patiënten kregen {effect} van {name}?",
         "Hoe wordt {name} bewaard?", "Mogen {who} met {illness} {name} gebruiken?",
         "Kan {name} samen met {other} worden ingenomen?"),
        ("volwassenen", "kinderen ouder dan 12 jaar", "ouderen", "jongeren", "vrouwen na de overgang", "mannen"),
        ("reuma", "astma", "eczeem", "migraine", "hoge bloeddruk", "botontkalking", "bloedarmoede", "epilepsie",
         "schildklierziekte", "hartfalen", "suikerziekte", "psoriasis", "allergie", "slapeloosheid", "nierfalen"),
        ("hoofdpijn", "misselijkheid", "uitslag", "duizeligheid", "vermoeidheid", "koorts", "hoest", "spierpijn",
         "buikpijn", "bloeding", "jeuk", "rugpijn", "verstopping", "diarree", "hartkloppingen"),
    ),
    "en": Tongue(
        "Guide to {name}",
        ("What {name} is", "Dose", "Do not use", "Precautions", "Other medicines", "Pregnancy", "Side effects",
         "Storage", "Studies", "Reimbursement"),
        (
            ("{name} contains {substance} and is used against {illness} in {who}.",
             "{substance} slows {illness} and the {effect} that comes with it.",
             "Each tablet holds {n} mg of {substance}."),
            ("The recommended dose for {who} is {n} mg every {m} days.",
             "For {illness} the dose may rise to {n} mg after {m} weeks.",
             "Where {who} have {illness} too, {n} mg of {name} is given in the morning."),
            ("{name} must not be used by {who} with {illness}.",
             "Do not use {name} if you had {effect} from {substance} before.",
             "After {m} weeks without effect, treatment ends."),
            ("See a doctor for {effect} within {m} days.",
             "In {who} with {illness}, kidney function is measured every {m} weeks.",
             "Take care with more than {n} mg a day."),
            ("{name} may raise the effect of {other} by {n}%.",
             "Do not take {other} within {m} hours of {name}.",
             "Together with {other} it may cause {effect} in {who}."),
            ("Pregnant women use {name} for severe {illness} only.",
             "{substance} reaches breast milk in {n}% of cases.",
             "Use contraception for {m} months after the last dose of {name}."),
            ("Of {n} patients, {m}% had {effect}.",
             "Common in {who}: {effect} and {effect2}.",
             "{effect2} mostly goes after {m} days."),
            ("Store {name} at {m} °C at most.",
             "Once opened, {name} keeps for {m} weeks.",
             "Keep the pack of {n} tablets away from light."),
            ("In a study of {n} {who}, {illness} fell by {m}%.",
             "Against {other} the difference was {m} percentage points.",
             "The study took {m} months and had {n} patients."),
            ("{name} is reimbursed for {who} with {illness}.",
             "Reimbursement holds from month {m}, for {n} tablets at most.",
             "It rests on the price of {other}."),
        ),
        ("How often is {name} given to {who}?", "How many patients had {effect} from {name}?",
         "How should {name} be stored?", "May {who} with {illness} use {name}?",
         "Can {name} be taken together with {other}?"),
        ("adults", "children over 12", "older people", "adolescents", "women after menopause", "men over 50"),
        ("arthritis", "asthma", "eczema", "migraine", "high blood pressure", "osteoporosis", "anaemia", "epilepsy",
         "thyroid disease", "heart failure", "diabetes", "psoriasis", "allergy", "insomnia", "kidney failure"),
        ("headache", "nausea", "rash", "dizziness", "tiredness", "fever", "cough", "muscle pain", "stomach pain",
         "bleeding", "itching", "back pain", "constipation", "diarrhoea", "palpitations"),
    ),
}  # fmt: skip


def write(folder: Path, passages: int, seed: int = 1) -> list[Path]:
    """Write leaflets of so many passages in all, a file each, by turns in the three languages."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number in range(max(1, passages // PASSAGES)):
        files.append(folder / f"leaflet-{number:06d}.md")
        files[-1].write_text(leaflet(number, seed), "utf-8")
    return files


def leaflet(number: int, seed: int = 1, edition: int = 0) -> str:
    """One leaflet; another edition has other figures in its last paragraph."""
    tongue = _tongue(number)
    chance = random.Random(f"{seed} {number}")
    parts = [f"---\nlanguage: {list(TONGUES)[number % 3]}\n---\n# {tongue.title.format(name=_name(number, seed))}"]
    for heading, templates in zip(tongue.headings, tongue.sentences, strict=True):
        parts.append(f"## {heading.format(name=_name(number, seed))}")
        for paragraph in range(2):
            said = chance.sample(templates, 2 if paragraph else 3)
            parts.append(" ".join(_filled(template, number, seed, chance) for template in said))
    if edition:
        parts[-1] = _filled(
            f"{tongue.sentences[-1][1]} {tongue.sentences[-1][0]}", number, seed, random.Random(edition)
        )
    return "\n\n".join(parts) + "\n"


def questions(number: int, passages: int, seed: int = 1) -> list[str]:
    """So many questions, each about one of the leaflets that `write` makes."""
    chance = random.Random(f"questions {seed}")
    found = []
    for _ in range(number):
        about = chance.randrange(max(1, passages // PASSAGES))
        found.append(_filled(chance.choice(_tongue(about).questions), about, seed, chance))
    return found


def _tongue(number: int) -> Tongue:
    return list(TONGUES.values())[number % 3]


def _filled(template: str, number: int, seed: int, chance: random.Random) -> str:
    tongue = _tongue(number)
    said = template.format(
        name=_name(number, seed),
        substance=_substance(number, seed),
        other=_name(chance.randrange(100_000), seed),
        who=chance.choice(tongue.who),
        illness=chance.choice(tongue.illness),
        effect=chance.choice(tongue.effect),
        effect2=chance.choice(tongue.effect),
        n=chance.randrange(5, 2_000),
        m=chance.randrange(2, 60),
    )
    return said[0].upper() + said[1:]


def _name(number: int, seed: int) -> str:
    chance = random.Random(f"name {seed} {number}")
    return chance.choice(_BEGIN) + "".join(chance.choices(_MIDDLE, k=2)) + chance.choice(_END)


def _substance(number: int, seed: int) -> str:
    chance = random.Random(f"substance {seed} {number}")
    return "".join(chance.choices(_MIDDLE, k=2)) + chance.choice(_SUBSTANCE)
