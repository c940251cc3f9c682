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
