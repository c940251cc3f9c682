"""`assistant check`, at a terminal."""

from pathlib import Path
from typing import Annotated

import typer


def check(
    index: Annotated[
        Path | None, typer.Option(help="Folder of the built index.  [default: index]", show_default=False)
    ] = None,
    mend: Annotated[bool, typer.Option("--mend", help="Make damaged vectors again from the texts.")] = False,
) -> None:
    """Check that the index is what it was built as. Exit status: 0 it is, 1 it is damaged, 2 could not look."""
    from assistant.retrieval.embedding import load_embedder
    from assistant.retrieval.index.checking import check as look
    from assistant.retrieval.index.indexing import mend as make_again
    from assistant.settings import Settings

    settings = Settings.load(index=index)
    embedder = load_embedder(settings)
    found = look(settings, embedder)
    for fault in found.faults:
        print(f"Generation {fault.generation}{'' if fault.answers else ', which is kept in reserve'}: {fault.what}.")
    if not any(fault.answers for fault in found.faults):
        print(f"Generation {found.generation} is as it was built, with {found.sentences} sentences and their vectors.")
        return
    if not found.texts_are_whole:
        print(f"Rebuild it from the documents with: assistant index --rebuild --index {settings.index}")
    elif mend:
        print(f"The vectors were made again from the texts: generation {make_again(settings, embedder)} answers now.")
        return
    else:
        print(f"The texts are whole. Make the vectors again with: assistant check --mend --index {settings.index}")
    raise typer.Exit(1)
