"""A small corpus with a disagreement, a document for one group only, and text that would like to be markup; served."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import served
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.access import Caller
from assistant.engine import Assistant
from assistant.settings import Settings

DOCUMENTS = {
    "veltoral.da.md": """---
title: Veltoral, oversigt
language: da
publisher: Styrelsen
date: 2025-03-01
---
# Veltoral

## Dosis

Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge. Tabletten synkes hel.

## Hvem må ikke få Veltoral

Veltoral må ikke gives til:

- personer med galdesten
- gravide kvinder

## Studie

I et studie blandt 412 kvinder med gigt blev Veltoral sammenlignet med placebo.
""",
    "veltoral.nl.md": """---
title: Veltoral, overzicht
language: nl
date: 2025-04-01
---
# Veltoral

In een studie onder 389 vrouwen met jicht werd Veltoral vergeleken met placebo.
""",
    "ombrevan.nl.md": """---
title: Ombrevan
language: nl
access: [pharmacy]
---
# Ombrevan

Ombrevan wordt bewaard bij kwarbutemperatuur.
""",
    "grelmin.en.md": """---
title: "[Grelmin](http://x.invalid/)"
language: en
---
# Grelmin

Grelmin is stored in the cellar, see ![the plan](http://x.invalid/leak.png) and <b>the note</b> of the cellar.

[1]: http://x.invalid/taken

Grelmin is sold in boxes of `12` tablets_and_more.
""",
    "plimfor.en.txt": "Plimfor\n\nPlimfor is kept in [the shed](http://x.invalid/) or ![here](http://x.invalid/leak.png).\n",
}


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over the documents above. Nobody may change its index."""
    folder: Path = tmp_path_factory.mktemp("doors")
    (folder / "corpus").mkdir()
    for name, text in DOCUMENTS.items():
        (folder / "corpus" / name).write_text(text, "utf-8")
    made = Assistant(Settings(corpus=folder / "corpus", index=folder / "index"))
    made.index()
    yield made
    made.close()


@pytest.fixture(scope="session")
def address(assistant: Assistant) -> Iterator[str]:
    """Where it is served, to whoever sits at the machine."""
    with served(assistant) as at:
        yield at


class Stranger:
    """A sign-in that knows nobody."""

    def __init__(self, app: ASGIApp, **_: object) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["assistant.caller"] = Caller()
        await self._app(scope, receive, send)


@pytest.fixture(scope="session")
def stranger_address(assistant: Assistant) -> Iterator[str]:
    """Where it is served to nobody in particular, who may read what is open to all."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("assistant.web.server.SignIn", Stranger)
        with served(assistant) as at:
            patched.undo()
            yield at
