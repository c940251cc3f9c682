"""The API as a program meets it: a real server on loopback, over documents that not everybody may read."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from driving import served
from starlette.types import Receive, Scope, Send

from assistant.access import LOCAL, Caller
from assistant.engine import Assistant
from assistant.records.recorder import Recorder
from assistant.settings import Settings
from assistant.web.api import ApiDoor

LEAFLET = """---
title: Veltoral, indlægsseddel
language: da
publisher: Styrelsen
date: 2025-03-01
valid_from: 2025-03-01
---
# Veltoral

## Dosis

Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge. Tabletten synkes hel.

## Studie

I et studie blandt 412 kvinder med gigt blev Veltoral sammenlignet med placebo.
"""
OVERVIEW = """---
title: Veltoral, overzicht
language: nl
date: 2025-04-01
---
# Veltoral

In een studie onder 389 vrouwen met jicht werd Veltoral vergeleken met placebo.
"""
SECRET = """---
title: Tersimol, price list
language: en
publisher: The board
access: [board]
---
# Tersimol

The price of Tersimol is 1,116 kr. per package.
"""
AWKWARD = "oversigt æøå/veltoral 100%.nl.md"
HIDDEN = "tersimol.en.md"
DOCUMENTS = {"veltoral.da.md": LEAFLET, AWKWARD: OVERVIEW, HIDDEN: SECRET}


@dataclass
class Api:
    """A running server, and who the next request is from."""

    client: httpx.Client
    assistant: Assistant
    corpus: Path
    recorder: Recorder
    caller: Caller = LOCAL


def started(folder: Path, patch: pytest.MonkeyPatch, ends: ExitStack, **settings: object) -> Api:
    """Serve the documents, in a folder that is empty; `Api.caller` says who asks, as a sign-in would."""
    for name, text in DOCUMENTS.items():
        (folder / "corpus" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "corpus" / name).write_text(text, "utf-8")
    given = {"corpus": folder / "corpus", "index": folder / "index", "records_folder": folder / "records", **settings}
    assistant = Assistant(Settings(**{"max_file_mb": 1, **given}))  # type: ignore[arg-type]
    assistant.index()
    recorder = Recorder.open(assistant)
    ends.callback(assistant.close)
    ends.callback(recorder.close)
    door = ApiDoor.__call__
    client = ends.enter_context(httpx.Client(base_url=ends.enter_context(served(assistant, recorder)), timeout=120))
    made = Api(client, assistant, folder / "corpus", recorder)

    async def signed_in(self: ApiDoor, scope: Scope, receive: Receive, send: Send) -> None:
        scope["assistant.caller"] = scope.setdefault("api_served.caller", made.caller)  # another server may stand too
        await door(self, scope, receive, send)

    patch.setattr(ApiDoor, "__call__", signed_in)
    return made
