"""`assistant mcp`: the tools by standard input and output, for a client on this machine that starts it."""

from pathlib import Path
from typing import Annotated

import typer


def mcp(
    corpus: Annotated[
        Path | None, typer.Option(help="Folder of the documents.  [default: corpus]", show_default=False)
    ] = None,
    index: Annotated[
        Path | None, typer.Option(help="Folder of the built index.  [default: index]", show_default=False)
    ] = None,
) -> None:
    """Serve the Model Context Protocol on standard input and output, for a client that starts this command."""
    from assistant.engine import Assistant
    from assistant.mcp.server import mcp_server
    from assistant.settings import Settings

    assistant = Assistant(Settings.load(corpus=corpus, index=index))
    mcp_server(lambda _: assistant).run("stdio")
