"""Is an index what it was built as? Its files by checksum, its vectors against the texts, its search against itself.

Chroma writes to some of its files whenever they are opened, and so they have no checksum: each vector is made again
from its sentence and compared, and some are searched for and must find themselves.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.errors import AssistantError, IndexMissingError, VectorServerError
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.index import generations
from assistant.retrieval.index.indexing import sentence_texts
from assistant.retrieval.index.opening import OpenIndex, open_index
from assistant.settings import Settings

_BATCH = 512  # sentences compared at once
_SEARCHED = 100  # vectors that must find themselves
_ALIKE = 1e-3  # by which a vector may differ: a transformer's do, from batch to batch
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something about an index that is not as it was built."""

    generation: str
    what: str
    answers: bool  # whether it is of the generation that answers


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what was found."""

    generation: str  # the one that answers
    generations: tuple[str, ...]
    sentences: int
    faults: tuple[Fault, ...]

    @property
    def texts_are_whole(self) -> bool:
        """Whether the texts of the generation that answers are: then the vectors can be made again from them."""
        return not any(fault.answers and fault.what.startswith("texts") for fault in self.faults)


def check(settings: Settings, embedder: Embedder, *, progress: Progress | None = None) -> Checked:
    """Look at every generation, where it was built; what is copied from there is compared with it when it is opened.

    Raises:
        IndexMissingError: there is none.
        VectorServerError: the Chroma server that holds its vectors does not answer.
        ModelMismatchError: it was built with another embedding model than the one configured.
    """
    settings = settings.model_copy(update={"index_copy": None})
    current = generations.current(settings.index)
    if not current:
        raise IndexMissingError(settings.index)
    names = generations.standing(settings.index)
    faults = [Fault(name, what, name == current) for name in names for what in _files(settings, name)]
    sentences = 0
    if not any(fault.answers for fault in faults):
        try:
            opened = open_index(settings)
        except VectorServerError:  # which says nothing of the index
            raise
        except AssistantError as error:
            faults.append(Fault(current, f"vectors: {getattr(error, 'what', error)}", True))
        else:
            sentences = opened.library.counts()[2]
            faults += [Fault(current, what, True) for what in _vectors(opened, embedder, progress or _silent)]
            opened.close()
    return Checked(current, tuple(names), sentences, tuple(faults))


def _files(settings: Settings, name: str) -> Iterator[str]:
    for file in generations.damaged(generations.path_of(settings.index, name)):
        yield f"{'vectors' if file.startswith(generations.VECTORS) else 'texts'}: {file} is not as it was written"


def _vectors(opened: OpenIndex, embedder: Embedder, progress: Progress) -> Iterator[str]:
    import numpy as np

    sentences = opened.library.counts()[2]
    done, missing, other, lost = 0, 0, 0, 0
    every = max(1, sentences // _SEARCHED)
    try:
        for record in opened.library.documents():
            pairs = [pair for stored in opened.library.passages_of(record.id) for pair in sentence_texts(stored)]
            for at in range(0, len(pairs), _BATCH):
                progress(done, sentences, "checking")
                part = pairs[at : at + _BATCH]
                stored = opened.vectors.of([item.id for item, _ in part])
                for (item, _), right in zip(part, embedder.encode_texts([text for _, text in part]), strict=True):
                    done += 1
                    if item.id not in stored:
                        missing += 1
                    elif not np.allclose(stored[item.id], right, atol=_ALIKE):
                        other += 1
                    elif done % every == 0 and right.any():
                        near = opened.vectors.nearest(right, 1, document_ids=[item.document_id])
                        lost += not near or near[0].score < 1 - _ALIKE
    except VectorServerError:
        raise
    except AssistantError as error:
        yield f"vectors: {getattr(error, 'what', error)}"
    for number, what in ((missing, "are missing"), (other, "are of other texts"), (lost, "are not found by search")):
        if number:
            yield f"vectors: {number} of {sentences} {what}"


def _silent(done: int, total: int, what: str) -> None:
    """Nobody is watching."""
