"""Where documents of our own disagree, and where they only seem to: in an answer, and in the audit of a corpus."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.audit import Disputed
from assistant.engine import Assistant

Make = Callable[[dict[str, str]], Assistant]
ORIGINALS = Path(__file__).parents[3] / "shared" / "corpus-originals"
DAY = date(2026, 1, 1)

DANISH = """---
title: Ostravin (ostralib)
language: da
---
# Ostravin

## Hvad Ostravin er
Ostravin indeholder ostralib. Ostravin bruges mod astma. Ostravin findes som pen.

## Sådan bruges Ostravin
{said}
"""
DUTCH = """---
title: Ostravin (ostralib)
language: nl
---
# Ostravin

## Wat Ostravin is
Ostravin bevat ostralib. Ostravin wordt gebruikt bij astma. Ostravin bestaat als pen.

## Hoe Ostravin wordt gebruikt
{said}
"""
ENGLISH = """---
title: Ostravin (ostralib)
language: en
---
# Ostravin

## What Ostravin is
Ostravin contains ostralib. Ostravin is used in asthma. Ostravin comes as a pen.

## How Ostravin is used
{said}
"""


def found(assistant: Assistant) -> set[tuple[str, str]]:
    """Every disagreement over the whole corpus, as the figures of its two sides."""
    return {(one.sides[0].value, one.sides[1].value) for one in assistant.audit(as_of=DAY)}


@pytest.mark.parametrize(
    ("danish", "other", "template", "figures"),
    [
        (
            "I et studie fik 412 patienter enten Ostravin eller placebo i 26 uger.",
            "In a study 389 patients received either Ostravin or placebo for 26 weeks.",
            ENGLISH,
            ("412 patienter", "389 patients"),
        ),
        (
            "Pennen kan efter anbrud opbevares i 42 dage ved højst 30 °C.",
            "Een pen die in gebruik is, kunt u 28 dagen bewaren bij hoogstens 30 °C.",
            DUTCH,
            ("42 dage", "28 dagen"),
        ),
        (
            "Den anbefalede dosis af Ostravin er 20 mg én gang dagligt.",
            "The recommended dose of Ostravin is 30 mg once daily.",
            ENGLISH,
            ("20 mg", "30 mg"),
        ),
        (
            "Efter et år var lungefunktionen steget med 5,7 % hos dem, der fik Ostravin, og med 5,1 % hos dem, der fik Pramolin.",
            "Na een jaar was de longfunctie gestegen met 5,1 % bij wie Pramolin kreeg en met 5,5 % bij wie Ostravin kreeg.",
            DUTCH,
            ("5,7 %", "5,5 %"),
        ),
        (
            "Afgørelsen om tilskud til Ostravin træder i kraft den 1. marts 2026.",
            "The decision on reimbursement of Ostravin takes effect on 1 April 2026.",
            ENGLISH,
            ("1. marts 2026", "1 April 2026"),
        ),
        ("En pakning Ostravin indeholder 28 tabletter.", "A pack of Ostravin contains 30 tablets.", ENGLISH, ("28", "30")),
        ("Ostravin opbevares ved højst 25 °C.", "Bewaar Ostravin bij hoogstens 30 °C.", DUTCH, ("25", "30")),
    ],
)  # fmt: skip
def test_documents_that_give_other_figures_for_the_same_disagree(
    assistant_over: Make, danish: str, other: str, template: str, figures: tuple[str, str]
) -> None:
    assistant = assistant_over({"a.md": DANISH.format(said=danish), "b.md": template.format(said=other)})
    assert found(assistant) == {figures}


@pytest.mark.parametrize(
    ("danish", "other", "template"),
    [
        # rounding
        ("Lungefunktionen steg med 5,7 % efter et år med Ostravin.", "Lung function rose by 6 % after a year on Ostravin.", ENGLISH),
        # units
        ("Den anbefalede dosis af Ostravin er 500 mg om dagen.", "The recommended dose of Ostravin is 0.5 g a day.", ENGLISH),
        ("Behandlingen med Ostravin varer i 12 måneder.", "De behandeling met Ostravin duurt 1 jaar.", DUTCH),
        ("Behandlingen med Ostravin varer i 12 uger.", "The treatment with Ostravin lasts for 3 months.", ENGLISH),
        # other people
        ("Den anbefalede dosis af Ostravin til voksne er 20 mg.", "The recommended dose of Ostravin for children is 10 mg.", ENGLISH),
        ("Den anbefalede dosis af Ostravin er 20 mg.", "De aanbevolen dosis Ostravin is 10 mg bij een ernstig verminderde nierfunctie.", DUTCH),
        ("Den sædvanlige dosis af Ostravin er 20 mg.", "The maximum dose of Ostravin is 80 mg.", ENGLISH),
        ("Dosis af Ostravin er 20 mg hos patienter over 70 år.", "The dose of Ostravin is 40 mg.", ENGLISH),
        # other medicine, other arm
        ("Antallet af anfald faldt med 38 % hos dem, der fik Ostravin.", "The number of attacks fell by 12 % in those given placebo.", ENGLISH),
        # the other way round
        (
            "Anfaldene faldt med 38 % hos dem, der fik Ostravin, og med 12 % hos dem, der fik Pramolin.",
            "Attacks fell by 12 % in those given Pramolin and by 38 % in those given Ostravin.",
            ENGLISH,
        ),
        # a list of strengths, of which one is meant
        ("Ostravin findes i styrkerne 20 mg og 40 mg.", "Ostravin is available in a strength of 40 mg.", ENGLISH),
        # the other document says it too, in another sentence
        (
            "Dosis af Ostravin er 20 mg om morgenen. Ved svær astma er dosis af Ostravin 40 mg om morgenen.",
            "The dose of Ostravin is 40 mg in the morning.",
            ENGLISH,
        ),
        # a document's own dates, telephone numbers
        ("Denne indlægsseddel om Ostravin blev senest ændret den 1. marts 2025.", "This leaflet on Ostravin was last revised on 1 June 2025.", ENGLISH),
        ("Ring til os om Ostravin: tlf. 45 12 34 56 78.", "Bel ons over Ostravin: tel. 31 98 76 54 32.", DUTCH),
        # a range that holds the figure
        ("Dosis af Ostravin er 20-40 mg om dagen.", "The dose of Ostravin is 30 mg a day.", ENGLISH),
    ],
)  # fmt: skip
def test_what_only_seems_to_differ_is_no_disagreement(
    assistant_over: Make, danish: str, other: str, template: str
) -> None:
    assistant = assistant_over({"a.md": DANISH.format(said=danish), "b.md": template.format(said=other)})
    assert found(assistant) == set()


def test_two_medicines_do_not_disagree(assistant_over: Make) -> None:
    first = DANISH.format(said="Den anbefalede dosis er 20 mg én gang dagligt.")
    second = first.replace("Ostravin", "Bruxamin").replace("ostralib", "bruxitin").replace("20 mg", "30 mg")
    assert found(assistant_over({"a.md": first, "b.md": second})) == set()


def test_a_document_about_two_medicines_disagrees_in_what_it_says_of_the_one(assistant_over: Make) -> None:
    both = """---
title: Afgørelse om Ostravin og Bruxamin
language: da
---
Ostravin og Bruxamin får tilskud. Ostravin og Bruxamin gives under huden. Ostravin og Bruxamin ligger i gruppe B.

Startdosis af Bruxamin er {} mg om dagen. {}
"""
    dutch = DUTCH.format(said="De startdosis van Ostravin is 10 mg per dag.")
    of_the_other = both.format(6, "")
    assert found(assistant_over({"a.md": of_the_other, "b.md": dutch})) == set()
    of_it = both.format(6, "Startdosis af Ostravin er 8 mg om dagen.")
    assert found(assistant_over({"a.md": of_it, "b.md": dutch})) == {("8 mg", "10 mg")}


def test_an_earlier_version_disagrees_with_nobody(assistant_over: Make) -> None:
    said = DANISH.format(said="Den anbefalede dosis af Ostravin er {} mg én gang dagligt.")
    old = said.format(20).replace("language: da", "language: da\nreference: V-1\nversion: 1")
    new = said.format(30).replace("language: da", "language: da\nreference: V-1\nversion: 2")
    lapsed = said.format(40).replace("language: da", "language: da\nvalid_to: 2024-12-31")
    assert found(assistant_over({"a.md": old, "b.md": new, "c.md": lapsed})) == set()
    apart = {"a.md": old.replace("V-1", "V-8"), "b.md": new}
    assert found(assistant_over(apart)) == {("20 mg", "30 mg")}


def test_a_disagreement_is_shown_where_it_is_asked_about_and_nowhere_else(assistant_over: Make) -> None:
    danish = "Pennen kan opbevares ved stuetemperatur i op til 10 dage. Ostravin gives under huden."
    dutch = (
        "U mag de pen maximaal 7 dagen buiten de koelkast bewaren bij een temperatuur tot 30 °C. Prik onder de huid."
    )
    assistant = assistant_over({"a.md": DANISH.format(said=danish), "b.md": DUTCH.format(said=dutch)})
    answer = assistant.ask("Hvor mange dage kan pennen opbevares ved stuetemperatur?")
    (conflict,) = answer.conflicts
    assert {side.value for side in conflict.sides} == {"10 dage", "7 dagen"}
    assert {answer.citation(side.citation).document_id for side in conflict.sides} == {"a.md", "b.md"}
    assert assistant.ask("Hvordan gives Ostravin?").conflicts == ()
    assert assistant.ask("Hvad indeholder Ostravin?").conflicts == ()


def test_a_figure_is_compared_with_the_one_of_the_same_dose(assistant_over: Make) -> None:
    danish = "I LYNX-2 faldt anfaldene med 18 % hos dem, der fik 8 mg Ostravin, og med 14 % hos dem, der fik 4 mg."
    dutch = "In LYNX-2 daalden de aanvallen met 16 % op 8 mg Ostravin en met 14 % op 4 mg, tegenover 3 % op placebo."
    assistant = assistant_over({"a.md": DANISH.format(said=danish), "b.md": DUTCH.format(said=dutch)})
    (conflict,) = assistant.ask("Hvor mange procent faldt anfaldene med på 8 mg Ostravin i LYNX-2?").conflicts
    assert {side.value for side in conflict.sides} == {"18 %", "16 %"}
    assert assistant.ask("Hvor mange procent faldt anfaldene med på 4 mg Ostravin i LYNX-2?").conflicts == ()


def test_the_deadlines_of_two_countries_do_not_disagree(assistant_over: Make) -> None:
    danish = "Tilskuddet til Ostravin bortfalder den 30. juni 2027."
    dutch = "De vergoeding van Ostravin vervalt op 31 december 2028."
    assistant = assistant_over({"a.md": DANISH.format(said=danish), "b.md": DUTCH.format(said=dutch)})
    assert assistant.ask("Hvornår bortfalder tilskuddet til Ostravin i Danmark?").conflicts == ()


def test_both_sides_of_an_audit_are_cited_exactly(assistant_over: Make) -> None:
    text = "Den anbefalede dosis af Ostravin er {} mg én gang dagligt."
    assistant = assistant_over(
        {"a.md": DANISH.format(said=text.format(20)), "b.md": DANISH.format(said=text.format(30))}
    )
    (one,) = assistant.audit(as_of=DAY)
    assert isinstance(one, Disputed)
    for side in one.sides:
        cited = side.citation
        assert assistant.document(cited.document_id).text[cited.start : cited.end] == cited.quote
        assert side.value in cited.quote
    assert json.loads(json.dumps(one.as_dict()))["sides"][1]["citation"]["path"] == "b.md"


def test_the_audit_does_not_depend_on_the_order_of_files(assistant_over: Make) -> None:
    text = "Den anbefalede dosis af Ostravin er {} mg én gang dagligt."
    one, other = (
        DANISH.format(said=text.format(20)),
        ENGLISH.format(said="The recommended dose of Ostravin is 30 mg once daily."),
    )
    forth = found(assistant_over({"a.md": one, "b.md": other}))
    back = found(assistant_over({"a.md": other, "b.md": one}))
    assert forth == {(b, a) for a, b in back} == {("20 mg", "30 mg")}


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the originals are not on this machine")
def test_the_audit_of_the_originals_lists_the_three_figures_in_which_the_overviews_differ(tmp_path: Path) -> None:
    from assistant.settings import Settings

    assistant = Assistant(Settings(corpus=ORIGINALS, index=tmp_path / "index"))
    assistant.index()
    assert found(assistant) == {("553 kvinder", "479 vrouwen"), ("5,7 % · 5,1 %", "5,5% · 5,3 %")}
    assistant.close()
