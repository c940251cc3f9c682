"""Two documents that answer one question in other words disagree, where the reader finds both to answer it."""

from collections.abc import Callable

import pytest

from assistant.engine import Assistant

Make = Callable[[dict[str, str]], Assistant]

DANISH = """# Zorimab: vejledning

Kvinder, der planlægger graviditet, bør ophøre med Zorimab mindst {months} måneder før den ønskede undfangelse.
"""
DUTCH = """# Zorimab: bijsluiter

Zorimab blijft lang in het lichaam: gebruik betrouwbare anticonceptie tot 5 maanden na de laatste injectie.

De pen met Zorimab mag hoogstens 10 dagen buiten de koelkast liggen.
"""
ASKED = "Hvor længe efter den sidste dosis Zorimab skal en kvinde vente med at blive gravid?"


@pytest.mark.parametrize(("months", "disagree"), [("7", True), ("5", False)])
def test_the_same_matter_in_other_words_is_compared(assistant_over: Make, months: str, disagree: bool) -> None:
    answer = assistant_over({"a.da.md": DANISH.format(months=months), "b.nl.md": DUTCH}).ask(ASKED)
    assert not answer.abstained
    assert bool(answer.conflicts) is disagree
    assert "10 dagen" not in answer.text


STUDY_DANISH = """# Quandrel: oversigt

I et hovedstudie (FESTA-2) med 1.126 voksne faldt langtidsblodsukkeret (HbA1c) i løbet af 40 uger med {much} procentpoint
hos dem, der fik 8 mg, og med 1,4 procentpoint hos dem, der fik 4 mg.
"""
STUDY_DUTCH = """# Quandrel: productinformatie

In FESTA-2 (1.126 volwassenen, 40 weken) daalde het HbA1c met 1,8 procentpunt op 8 mg en met 1,4 procentpunt op 4 mg,
tegenover 0,3 procentpunt op placebo.
"""


@pytest.mark.parametrize(("much", "disagree"), [("1,6", True), ("1,8", False)])
def test_what_is_asked_for_may_stand_beside_the_figure_of_either_document(
    assistant_over: Make, much: str, disagree: bool
) -> None:
    files = {"a.da.md": STUDY_DANISH.format(much=much), "b.nl.md": STUDY_DUTCH}
    answer = assistant_over(files).ask("HbA1c-daling van Quandrel in FESTA-2 op de hoogste dosis?")
    assert not answer.abstained
    assert bool(answer.conflicts) is disagree


TABLE = """# Quandrel: beoordeling

## FESTA-3

| Uitkomst na 24 maanden | Quandrel | Alendrinaat | RR (95%-BI) |
|---|---|---|---|
| Nieuwe wervelfractuur | 4,3 % | 8,0 % | 0,54 (0,41-0,70) |
| Heupfractuur | 1,2 % | 1,9 % | 0,63 (0,42-0,94) |
"""
SENTENCE = """# Quandrel: tilskud

I FESTA-3 med 3.870 kvinder fik {share} % et nyt ryghvirvelbrud inden for 24 måneder, når de begyndte med Quandrel, mod
8,0 % med alendrinat (relativ risiko 0,54).
"""
OF_THE_ROW = "Percentage nieuwe wervelfracturen op Quandrel na 24 maanden?"
OF_THE_SENTENCE = "Hvor mange kvinder på Quandrel fik et nyt brud i ryggen i FESTA-3?"


@pytest.mark.parametrize("question", [OF_THE_ROW, OF_THE_SENTENCE])
@pytest.mark.parametrize(("share", "disagree"), [("4,8", True), ("4,3", False)])
def test_a_row_of_a_table_disagrees_with_a_sentence(
    assistant_over: Make, question: str, share: str, disagree: bool
) -> None:
    answer = assistant_over({"a.nl.md": TABLE, "b.da.md": SENTENCE.format(share=share)}).ask(question)
    assert not answer.abstained
    assert bool(answer.conflicts) is disagree
