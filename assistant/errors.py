"""What can go wrong, said so that the reader knows what to do next. Doors show `str(error)` and nothing else."""

from pathlib import Path
from typing import Literal


class AssistantError(Exception):
    """The root of every error this package raises on purpose."""


class SpanError(AssistantError):
    """A span does not lie inside its document's text."""

    def __init__(self, document_id: str, start: int, end: int, length: int) -> None:
        super().__init__(document_id, start, end, length)
        self.document_id, self.start, self.end, self.length = document_id, start, end, length

    def __str__(self) -> str:
        return (
            f"Span {self.start}..{self.end} does not lie inside {self.document_id} ({self.length} characters). "
            "The index and the document differ; rebuild with: assistant index"
        )


def _one_line(message: str) -> str:
    """A message that stays one line and can be printed, whatever a file is called."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in message)


Trouble = Literal["", "wrong_kind", "too_large", "empty", "locked", "damaged", "scanned", "encoding", "unnameable"]


class DocumentError(AssistantError):
    """One file cannot be read. The message names the file, the reason and the remedy.

    `trouble` names the reason for a door that says it in its own words; empty where only the message does.
    """

    def __init__(self, path: Path | str, reason: str, remedy: str, trouble: Trouble = "") -> None:
        super().__init__(str(path), reason, remedy)
        self.path, self.reason, self.remedy, self.trouble = str(path), reason, remedy, trouble

    def __str__(self) -> str:
        return _one_line(f"{self.path}: {self.reason}. {self.remedy}")


class PageImageError(AssistantError):
    """A page of a document cannot be shown as an image."""

    def __init__(self, document_id: str, page: int, reason: str) -> None:
        super().__init__(document_id, page, reason)
        self.document_id, self.page, self.reason = document_id, page, reason

    def __str__(self) -> str:
        return _one_line(
            f"There is no image of page {self.page} of {self.document_id}: {self.reason}. "
            "The passage itself is in the source panel"
        )


Refusal = Literal["exists", "gone", "last", "taken", "changed", "closed", "refused"]


class LibraryError(AssistantError):
    """The documents cannot be changed as asked; nothing was changed. `trouble` names why, for a door's own words."""

    def __init__(self, trouble: Refusal, name: str, reason: str, remedy: str) -> None:
        super().__init__(trouble, name, reason, remedy)
        self.trouble, self.name, self.reason, self.remedy = trouble, name, reason, remedy

    def __str__(self) -> str:
        return _one_line(f"{self.name}: {self.reason}. {self.remedy}")


class CorpusMissingError(AssistantError):
    """The corpus folder is not there, or holds no document."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        return (
            f"There are no documents in {self.folder}. Put .txt, .md, .html, .pdf or .docx files there, "
            "or name another folder with --corpus"
        )


class IndexProblemError(AssistantError):
    """Something about the index folder: the common parent of its errors."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder


class IndexMissingError(IndexProblemError):
    """No generation of the index stands in this folder."""

    def __str__(self) -> str:
        return f"There is no index in {self.folder}. Build it with: assistant index --index {self.folder}"


class IndexLockedError(IndexProblemError):
    """Another process is writing this index."""

    def __str__(self) -> str:
        return (
            f"Another process is indexing into {self.folder}. Wait for it to finish, then try again; "
            "the index that stands still answers meanwhile"
        )


class IndexCopyError(IndexProblemError):
    """A generation of the index cannot be copied to this machine."""

    def __init__(self, folder: Path, copy: Path, generation: str, reason: str) -> None:
        super().__init__(folder)
        self.copy, self.generation, self.reason = copy, generation, reason

    def __str__(self) -> str:
        return (
            f"Generation {self.generation} of the index in {self.folder} cannot be copied to {self.copy} "
            f"({self.reason}). Check that the one can be read and that the other has room; "
            "a generation that was copied before still answers, and copying is tried again"
        )


class IndexDamagedError(IndexProblemError):
    """A generation does not hold what its own record says."""

    def __init__(self, folder: Path, what: str) -> None:
        super().__init__(folder)
        self.what = what

    def __str__(self) -> str:
        return (
            f"The index in {self.folder} is damaged ({self.what}). "
            f"Rebuild it with: assistant index --rebuild --index {self.folder}"
        )


class IndexNotWrittenError(IndexProblemError):
    """A build could not write: the disk is full, or the folder may not be written to. Nothing was switched."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(folder)
        self.reason = reason

    def __str__(self) -> str:
        return _one_line(
            f"The index in {self.folder} cannot be written ({self.reason}). What stood there before still answers. "
            "Make room on its disk and let this user write there, or index on a machine that can, then "
            f"run: assistant index --index {self.folder}"
        )


class IndexClosedError(IndexProblemError):
    """This user may not read the index, or not write what its vectors need when they are opened."""

    def __init__(self, folder: Path, what: str) -> None:
        super().__init__(folder)
        self.what = what

    def __str__(self) -> str:
        return _one_line(
            f"The index in {self.folder} may not be opened by this user ({self.what}). "
            f"Let its owner run: chmod -R u+rwX {self.folder}"
        )


class ModelMismatchError(IndexProblemError):
    """The index was built with another embedding model than the one configured."""

    def __init__(self, folder: Path, built_with: str, configured: str) -> None:
        super().__init__(folder)
        self.built_with, self.configured = built_with, configured

    def __str__(self) -> str:
        return (
            f"The index in {self.folder} was built with the embedding model {self.built_with}, but "
            f"{self.configured} is configured. Rebuild it with: assistant index --rebuild --index {self.folder}"
        )


class PackageBrokenError(AssistantError):
    """A file that comes with the package is missing or damaged."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file

    def __str__(self) -> str:
        return f"The package's own file {self.file} is missing or damaged. Install the package again"


class EmbeddingModelError(AssistantError):
    """The configured embedding model cannot be loaded."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason

    def __str__(self) -> str:
        return (
            f"The embedding model {self.name} cannot be loaded ({self.reason}). "
            "Set ASSISTANT_EMBEDDING_MODEL to a sentence-transformers folder, or to 'default'"
        )


class RerankerModelError(AssistantError):
    """The configured reranker cannot be loaded."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason

    def __str__(self) -> str:
        return (
            f"The reranker {self.name} cannot be loaded ({self.reason}). Set ASSISTANT_RERANKER_MODEL to the folder "
            "or hub name of a cross-encoder that gives one score, or leave it empty to do without"
        )


class NliModelError(AssistantError):
    """The configured second judge of grounding cannot be loaded."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason

    def __str__(self) -> str:
        return (
            f"The second judge {self.name} cannot be loaded ({self.reason}). Set ASSISTANT_NLI_MODEL to the folder or "
            "hub name of a cross-encoder for natural language inference, or leave it empty to do without"
        )


class LanguageModelError(AssistantError):
    """The configured language model did not answer."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason

    def __str__(self) -> str:
        return (
            f"The language model at {self.url} did not answer ({self.reason}). Check that it runs and that llm_url and "
            "llm_model name it, or leave them empty to do without."
        )


class VerifyError(AssistantError):
    """There is nothing to verify, or nothing to verify it against."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"This cannot be verified: {self.reason}. Usage: assistant verify [TEXT|-] [--against FILE]"


class ModelNotHereError(AssistantError):
    """A model is configured by its name on a hub, and has not been downloaded."""

    def __init__(self, name: str, reason: str = "it was not downloaded yet") -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason

    def __str__(self) -> str:
        return (
            f"There is no folder {self.name}, and no model of that name on this computer ({self.reason}). "
            "Use it once where its hub can be reached, which downloads it (an embedding model: assistant index), "
            "or set the folder of a copy"
        )


class DeviceMissingError(AssistantError):
    """The configured device is not one that torch can use here."""

    def __init__(self, device: str) -> None:
        super().__init__(device)
        self.device = device

    def __str__(self) -> str:
        return (
            f"The device {self.device} cannot be used: torch does not see it. Set ASSISTANT_DEVICE=cpu, "
            "or install a build of torch for this device"
        )


class VectorServerError(AssistantError):
    """The configured Chroma server does not answer."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason

    def __str__(self) -> str:
        return (
            f"The Chroma server at {self.url} does not answer ({self.reason}). Start it with: "
            "chroma run --path FOLDER --host HOST --port PORT, or unset chroma_url to use the local index"
        )


class ClusterError(AssistantError):
    """The configured Ray cluster did not do the work; nothing was changed."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(address, reason)
        self.address, self.reason = address, reason

    def __str__(self) -> str:
        return _one_line(
            f"The Ray cluster at {self.address} did not index ({self.reason}). Check it with: ray status --address "
            f"{self.address}; or unset ray_address to index on this machine. The index that stands still answers"
        )


class SettingsError(AssistantError):
    """A setting has a value that cannot be used."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.detail}. Settings are described in docs/configuration.md"


class QuestionError(AssistantError):
    """A question cannot be read: a line of `ask --json` that is not as specified, or an over-long question."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"This question cannot be read: {self.reason}. "
            'Send one JSON object a line: {"id": "1", "question": "…", "history": [["…", "…"]], "language": "da"}'
        )


class QuestionSetError(AssistantError):
    """A question set cannot be read. The message names the file, and each place with what to do there."""

    def __init__(self, path: Path | str, place: str, reason: str, more: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(str(path), place, reason, more)
        self.path, self.place, self.reason, self.more = str(path), place, reason, more

    def __str__(self) -> str:
        lines = [f"{self.path}, {place}: {reason}" for place, reason in ((self.place, self.reason), *self.more)]
        return "\n".join(lines) + ". The format is described in docs/evals.md"


class ReportNotWrittenError(AssistantError):
    """The page of a report cannot be written where it was asked for."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"The report cannot be written to {self.path} ({self.reason}). Name a file in a folder that is there"


class RunNotKeptError(AssistantError):
    """A run of a question set cannot be written where runs are kept."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(folder, reason)
        self.folder, self.reason = folder, reason

    def __str__(self) -> str:
        return (
            f"This run cannot be kept in {self.folder} ({self.reason}). Name a folder that can be written: "
            "ASSISTANT_EVAL_RUNS=FOLDER"
        )


class RunMissingError(AssistantError):
    """There is no run to compare with."""

    def __init__(self, place: Path, reason: str) -> None:
        super().__init__(place, reason)
        self.place, self.reason = place, reason

    def __str__(self) -> str:
        return (
            f"There is nothing to compare with in {self.place} ({self.reason}). "
            "Name a run's file, a folder of runs, or `last`; `assistant eval` keeps a run each time"
        )


class FetchError(AssistantError):
    """An original cannot be downloaded."""

    def __init__(self, name: str, url: str, reason: str) -> None:
        super().__init__(name, url, reason)
        self.name, self.url, self.reason = name, url, reason

    def __str__(self) -> str:
        return (
            f"{self.name} was not fetched from {self.url} ({self.reason}). "
            "Its digest stays in use; with a network, run again: assistant fetch"
        )


class RecordsError(AssistantError):
    """What should have been written down, or read back, was not."""

    def __init__(self, place: str, reason: str, remedy: str = "") -> None:
        super().__init__(place, reason, remedy)
        self.place, self.reason = place, reason
        self.remedy = remedy or (
            "Check that the database runs and can be written, and that its disk is not full; "
            "records_folder and records_url name another, audit_log=false does without the log"
        )

    def __str__(self) -> str:
        return _one_line(f"The records in {self.place} cannot be used ({self.reason}). {self.remedy}")


class FeedbackError(AssistantError):
    """This feedback cannot be kept as it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"This feedback was not kept: {self.reason}. Change it and send it again"


class ReplayError(AssistantError):
    """An answer cannot be asked for again."""

    def __init__(self, id: str, reason: str, remedy: str = "") -> None:
        super().__init__(id, reason, remedy)
        self.id, self.reason, self.remedy = id, reason, remedy

    def __str__(self) -> str:
        return _one_line(f"Answer {self.id} cannot be replayed: {self.reason}. {self.remedy}".strip())


class AccessError(AssistantError):
    """The caller may not do this."""

    def __init__(self, wanted: str, who: str = "") -> None:
        super().__init__(wanted, who)
        self.wanted, self.who = wanted, who

    def __str__(self) -> str:
        whose = f", which {self.who} has not got" if self.who else ""
        return f"This takes the role {self.wanted}{whose}. Ask whoever runs the assistant for it"


class ApiKeyError(AssistantError):
    """A key cannot be made or revoked as asked."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.reason, self.remedy = reason, remedy

    def __str__(self) -> str:
        return _one_line(f"{self.reason}. {self.remedy}")


class BackupError(AssistantError):
    """Documents and records were not backed up, or not restored; nothing was changed."""

    def __init__(self, place: Path, reason: str, remedy: str) -> None:
        super().__init__(place, reason, remedy)
        self.place, self.reason, self.remedy = place, reason, remedy

    def __str__(self) -> str:
        return _one_line(f"{self.place}: {self.reason}. {self.remedy}")
