"""Where the sentences come from that a text is verified against: files and texts sent along, or the index."""

from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.answering.verify import Place
from assistant.documents.language import detect
from assistant.documents.model import Document, Metadata
from assistant.documents.segment import segment
from assistant.documents.subjects import subjects
from assistant.errors import VerifyError


def sent_along(sources: Sequence[Path | str], read: Callable[..., Document], *, max_file_mb: float) -> list[Document]:
    """Read sources that no index holds.

    Args:
        read: reads a file, as `read_document` does.
        sources: a Path is a file, read as the corpus's are; a str is a text itself, cited as "text 1", "text 2", …

    Raises:
        DocumentError: a file cannot be read.
        VerifyError: there are none, or a text is empty.
    """
    if not sources:
        raise VerifyError("there is nothing to verify it against")
    documents, texts = [], 0
    for source in sources:
        if isinstance(source, Path):
            documents.append(read(source, source.parent, max_file_mb=max_file_mb))
            continue
        texts += 1
        if not source.strip():
            raise VerifyError(f"text {texts} to verify against is empty")
        metadata = Metadata(title=f"text {texts}", language=detect(source))
        documents.append(Document(f"text {texts}", source, metadata, ""))
    return documents


def all_places(documents: Sequence[Document]) -> Callable[[str, str], Sequence[Place]]:
    """Every sentence of the documents, whatever is looked for."""
    places = []
    for document in documents:
        passages = segment(document)
        about = subjects(document, passages)
        for passage in passages:
            places += [Place(document, passage, index, about) for index in range(len(passage.sentences))]
    return lambda statement, language: places
