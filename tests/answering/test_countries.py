"""A country in a question is that of a document, said there or not."""

from collections.abc import Callable

from assistant.engine import Assistant

Make = Callable[[dict[str, str]], Assistant]

DANISH = """---
title: Afgørelse om tilskud til Brimovan
language: da
---
# Afgørelse om tilskud til Brimovan

Tilskuddet til Brimovan bortfalder den 30. juni 2027. En klage indgives inden fire uger.
"""
DUTCH = """---
title: Besluit over de vergoeding van Brimovan
language: nl
---
# Besluit over de vergoeding van Brimovan

De vergoeding van Brimovan vervalt op 31 december 2028. Bezwaar wordt gemaakt binnen zes weken.
"""


def test_the_country_asked_about_chooses_the_document(assistant_over: Make) -> None:
    assistant = assistant_over({"a.md": DANISH, "b.md": DUTCH})
    for question, says, others in (
        ("Tot wanneer loopt de Deense vergoeding van Brimovan?", "30. juni 2027", "2028"),
        ("Hvornår bortfalder det hollandske tilskud til Brimovan?", "31 december 2028", "2027"),
    ):
        answer = assistant.ask(question)
        assert not answer.abstained, answer.text
        assert says in answer.text
        assert others not in answer.text
