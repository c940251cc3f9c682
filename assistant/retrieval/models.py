"""The models that can be used: which, from where, what of them is on this computer, and the words they want in front.

Nothing here loads a model. A model is packaged (`assistant/models/NAME/`), a folder, or a name on a hub.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.errors import EmbeddingModelError, ModelNotHereError, NliModelError, RerankerModelError
from assistant.settings import Settings

PACKAGED = Path(__file__).parents[1] / "models"
DEFAULT = "static-da-nl-en"
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?", re.ASCII)
_SAMPLE, _SAMPLES = 1 << 16, 16  # what of a large file is read for its digest: bytes, times

_E5_TASK = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "
_REPRESENT = "Represent this sentence for searching relevant passages: "


@dataclass(frozen=True, slots=True)
class Prefixes:
    """What stands in front of a question and of a passage before they are encoded."""

    query: str = ""
    passage: str = ""


# By name, from the models' own cards; the first that fits. Retrieval without them is measurably worse.
_FAMILIES = [
    (re.compile(pattern, re.IGNORECASE), prefixes)
    for pattern, prefixes in (
        (r"(?<![a-z0-9])e5(?![a-z0-9]).*instruct", Prefixes(_E5_TASK)),
        (r"(?<![a-z0-9])e5(?![a-z0-9])", Prefixes("query: ", "passage: ")),
        (r"bge-(small|base|large)-en", Prefixes(_REPRESENT)),
        (r"bge-(small|base|large)-zh", Prefixes("为这个句子生成表示以用于检索相关文章：")),
        (r"bge-m3", Prefixes()),
        (r"nomic-embed-text", Prefixes("search_query: ", "search_document: ")),
        (r"arctic-embed.*v2", Prefixes("query: ")),
        (r"arctic-embed", Prefixes(_REPRESENT)),
        (r"mxbai-embed-(large|xsmall|2d)", Prefixes(_REPRESENT)),
        (r"(?<![a-z0-9])gte[-_]", Prefixes()),
    )
]
# The names under which models document their own, in `prompts` of config_sentence_transformers.json.
_QUERY_PROMPTS = ("query", "retrieval.query", "retrieval_query", "search_query", "s2p_query", "web_search_query")
_PASSAGE_PROMPTS = ("document", "passage", "corpus", "retrieval.passage", "retrieval_document", "search_document")


@dataclass(frozen=True, slots=True)
class Model:
    """A model as configured, and what of it is on this computer."""

    source: str  # a folder, or a hub name
    kind: Literal["packaged", "folder", "hub"]
    folder: Path | None  # its files; None: a hub name that was not downloaded yet
    query_prefix: str | None = None  # as configured; None: the model's own
    passage_prefix: str | None = None

    @property
    def label(self) -> str:
        """A short name for people: the folder's, or the hub's."""
        return self.source if self.kind == "hub" else _folder_name(Path(self.source))

    @property
    def name(self) -> str:
        """What an index records; the same name means the same vectors.

        A folder is named by what is in it, so that other weights under the same path are noticed. The prefix of
        passages belongs to the name; that of questions does not, as no question is in the index. A hub's model has the
        same name before and after its download, so its own prompts count as part of the hub name.
        """
        prefix = self.prefixes({} if self.kind == "hub" else None).passage
        name = self.source if self.kind == "hub" else f"{self.label}@{_digest(Path(self.source))}"
        return f"{name}+{prefix!r}" if prefix else name

    def prefixes(self, prompts: Mapping[str, str] | None = None) -> Prefixes:
        """The prefixes in use: as configured, else the model's documented prompts, else its family's, else none.

        Args:
            prompts: the model's own, by name, where they are known; None: they are read from its folder.
        """
        own = _documented(prompts if prompts is not None else _prompts_in(self.folder)) or self._family()
        return Prefixes(
            own.query if self.query_prefix is None else self.query_prefix,
            own.passage if self.passage_prefix is None else self.passage_prefix,
        )

    def _family(self) -> Prefixes:
        for hint in self._hints():
            for pattern, prefixes in _FAMILIES:
                if pattern.search(hint):
                    return prefixes
        return Prefixes()

    def _hints(self) -> Iterator[str]:
        """Names that may tell the family: the model's own, then the one it was made from."""
        if self.kind == "hub":
            yield self.source.rpartition("/")[2]
            return
        folder = Path(self.source).resolve()
        yield self.label
        if folder.parent.name == "snapshots":  # a hub's cache, given as a folder
            yield folder.parent.parent.name
        made_from = _json_in(folder, "config.json").get("_name_or_path")
        if isinstance(made_from, str):
            yield re.split(r"[/\\]", made_from.rstrip("/\\"))[-1]

    @property
    def dimensions(self) -> int | None:
        """The length of its vectors, as its files say; None: they do not, or are not here."""
        if self.folder is None:
            return None
        cut = _json_in(self.folder, "config_sentence_transformers.json").get("truncate_dim")
        length = next(_lengths(self.folder), None)
        return min(length, cut) if length and isinstance(cut, int) else length

    @property
    def megabytes(self) -> float | None:
        """What its files take, in MB of a million bytes; None: they are not here."""
        if self.folder is None:
            return None
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file()) / 1e6


def packaged_models() -> list[Model]:
    """The models that come with this package, by name; each name can be given as `embedding_model`."""
    return [Model(str(file.parent), "packaged", file.parent) for file in sorted(PACKAGED.glob("*/modules.json"))]


def embedding_model(settings: Settings) -> Model:
    """The configured embedding model.

    Raises:
        EmbeddingModelError: there is no such folder, or no model in it. A hub name is not looked up.
    """
    given = settings.embedding_model
    packaged = {model.label: model for model in packaged_models()}
    given = DEFAULT if given in ("", "default") else given
    if given in packaged:
        model = packaged[given]
    elif given == DEFAULT:
        raise EmbeddingModelError(given, "this installation does not carry it")
    else:
        model = _elsewhere(given, EmbeddingModelError, "sentence-transformers")
    return Model(
        model.source, model.kind, model.folder, settings.embedding_query_prefix, settings.embedding_passage_prefix
    )


def reranker_model(settings: Settings) -> Model | None:
    """The configured reranker; None where none is.

    Raises:
        RerankerModelError: there is no such folder, or no model in it. A hub name is not looked up.
    """
    if not settings.reranker_model:
        return None
    return _elsewhere(settings.reranker_model, RerankerModelError, "cross-encoder")


def nli_model(settings: Settings) -> Model | None:
    """The configured second judge of grounding; None where none is.

    Raises:
        NliModelError: there is no such folder, or no model in it. A hub name is not looked up.
    """
    return _elsewhere(settings.nli_model, NliModelError, "cross-encoder") if settings.nli_model else None


def folder_in_use(settings: Settings) -> Path:
    """The folder of the configured embedding model.

    Raises:
        EmbeddingModelError: as `embedding_model`.
        ModelNotHereError: a hub name that was not downloaded yet.
    """
    model = embedding_model(settings)
    if model.folder is None:
        raise ModelNotHereError(model.source)
    return model.folder


def _elsewhere(
    given: str, error: type[EmbeddingModelError] | type[RerankerModelError] | type[NliModelError], organisation: str
) -> Model:
    """A folder or a hub name; a hub's short names belong to `organisation`."""
    folder = Path(given).expanduser()
    if folder.is_dir():
        if not any((folder / name).is_file() for name in ("modules.json", "config.json")):
            raise error(given, "the folder holds no model: neither modules.json nor config.json")
        return Model(str(folder), "folder", folder)
    if not _HUB_NAME.fullmatch(given):
        raise error(given, "there is no such folder")
    return Model(given, "hub", _cached(given if "/" in given else f"{organisation}/{given}"))


def _cached(hub_name: str) -> Path | None:
    """Where a hub's model lies after its download, if it does."""
    from huggingface_hub import try_to_load_from_cache

    for name in ("modules.json", "config.json"):
        found = try_to_load_from_cache(hub_name, name, cache_dir=os.environ.get("SENTENCE_TRANSFORMERS_HOME"))
        if isinstance(found, str):
            folder = Path(found).parent
            weights = (path for kind in ("*.safetensors", "*.bin") for path in folder.rglob(kind))
            return folder if next(weights, None) else None
    return None


def _prompts_in(folder: Path | None) -> Mapping[str, str]:
    prompts = _json_in(folder, "config_sentence_transformers.json").get("prompts") if folder else None
    return prompts if isinstance(prompts, dict) else {}


def _documented(prompts: Mapping[str, str]) -> Prefixes | None:
    """The prompts for retrieval among a model's own. Both empty is what a save writes where none were set."""
    own = Prefixes(
        next((prompts[name] for name in _QUERY_PROMPTS if prompts.get(name)), ""),
        next((prompts[name] for name in _PASSAGE_PROMPTS if prompts.get(name)), ""),
    )
    return own if own.query or own.passage else None


def _folder_name(folder: Path) -> str:
    folder = folder.resolve()
    return folder.parent.name if folder.name == "model" else folder.name


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in (".json", ".safetensors", ".bin", ".txt", ".model"):
            size = path.stat().st_size
            digest.update(f"{path.relative_to(folder).as_posix()} {size}\n".encode())
            with path.open("rb") as file:
                for part in range(_SAMPLES):  # a small file whole, of a large one evenly spaced parts
                    file.seek(max(part * _SAMPLE, part * (size - _SAMPLE) // (_SAMPLES - 1)))
                    digest.update(file.read(_SAMPLE))
    return digest.hexdigest()[:8]


def _lengths(folder: Path) -> Iterator[int]:
    """Lengths of vectors that the modules state, last module first; the first one counts."""
    for path in reversed(_module_folders(folder)):
        config = _json_in(path, "config.json")
        for key in ("out_features", "embedding_dimension", "word_embedding_dimension", "hidden_size"):
            if isinstance(config.get(key), int):
                yield config[key]
        yield from _static_lengths(path / "model.safetensors")


def _module_folders(folder: Path) -> list[Path]:
    try:
        modules = json.loads((folder / "modules.json").read_text("utf-8"))
        return [folder / str(module.get("path", "")) for module in modules]
    except (OSError, ValueError, AttributeError, TypeError):
        return [folder]


def _static_lengths(weights: Path) -> Iterator[int]:
    """The width of a static embedding's table, from the header of its file."""
    try:
        with weights.open("rb") as file:
            header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    except (OSError, ValueError, MemoryError):
        return
    for name in ("embedding.weight", "embeddings"):
        if name in header:
            yield int(header[name]["shape"][1])


def _json_in(folder: Path, name: str) -> dict[str, Any]:
    """A model's own file; one that is missing or broken says nothing here, and shows when the model is loaded."""
    try:
        content = json.loads((folder / name).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
