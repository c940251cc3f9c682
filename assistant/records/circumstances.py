"""What an answer depends on besides the question and the documents: code, models, settings, the day."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from assistant.retrieval.embedding import model_name
from assistant.retrieval.models import nli_model, reranker_model
from assistant.settings import Settings

_PACKAGE = Path(__file__).parents[1]
_ROOMS = ("documents", "retrieval", "answering", "models")  # the package's own, in which answers are made
_LIBRARIES = ("Babel", "chromadb", "numpy", "onnxruntime", "py3langid", "PyStemmer", "sentencex", "tokenizers")
_SETTINGS = (
    "abstain_below",
    "chroma_url",
    "device",
    "embedding_query_prefix",
    "language",
    "llm_timeout_seconds",
    "max_question_characters",
    "max_sentences",
)


def circumstances(settings: Settings, generation: str) -> dict[str, str]:
    """What an answer of this generation of the index depends on, by name, as texts that can be compared."""
    reranker, judge = reranker_model(settings), nli_model(settings)
    stated = {
        "generation": generation,
        "version": _version("assistant"),
        "code": code_digest(),
        "embedding model": model_name(settings),
        "reranker": reranker.name if reranker else "",
        "second judge": judge.name if judge else "",
        "language model": f"{settings.llm_model} at {_bare(settings.llm_url)}" if settings.llm_url else "",
    }
    stated |= {f"setting {name}": _bare(str(getattr(settings, name))) for name in _SETTINGS}
    return stated | {f"library {name}": _version(name) for name in _LIBRARIES}


@cache
def code_digest() -> str:
    """The start of a SHA-256 over the files that answers are made with, models included; takes a moment, once."""
    digest = hashlib.sha256()
    files = [file for room in _ROOMS for file in (_PACKAGE / room).rglob("*") if file.is_file()]
    for file in sorted([*files, *_PACKAGE.glob("*.py")]):
        if file.suffix != ".pyc":
            digest.update(f"{file.relative_to(_PACKAGE).as_posix()}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


@cache
def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _bare(address: str) -> str:
    """An address without a name and password in it; other text as it is."""
    if "@" not in address:
        return address
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
