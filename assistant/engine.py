"""The Assistant: index(), ask(); the pipeline from documents to answer, wired in one place."""

import copy
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.access import LOCAL, Among, Caller, Role
from assistant.answering.answer import Answer, Citation, Statement
from assistant.answering.as_of import dated
from assistant.answering.compose import compose
from assistant.answering.entailment import load_judge
from assistant.answering.evidence import Evidence, rank
from assistant.answering.extractive import Draft
from assistant.answering.grounding import held
from assistant.answering.question import Question, stands_alone, understand
from assistant.answering.reader import packaged_reader
from assistant.answering.sources import all_places, sent_along
from assistant.answering.validity import settled, stamped
from assistant.answering.verify import Place, Verification, verify
from assistant.asynchronous import Asynchronous
from assistant.documents.apart import Apart
from assistant.documents.model import Document, Passage, joined
from assistant.documents.read import content_hash, corpus_files
from assistant.documents.segment import SEGMENT_VERSION, segment
from assistant.documents.shelf import Shelf
from assistant.documents.validity import Standing
from assistant.drafting import Drafting
from assistant.errors import AccessError, LibraryError, VerifyError
from assistant.opened import Opened, Opening
from assistant.reading_ahead import keep_reading
from assistant.retrieval.embedding import Embedder, load_embedder
from assistant.retrieval.hybrid import Hit, hybrid_retriever
from assistant.retrieval.index.changes import Pipeline
from assistant.retrieval.index.indexing import IndexReport, build_index
from assistant.retrieval.index.status import IndexStatus
from assistant.retrieval.index.status import status as index_status
from assistant.retrieval.late_interaction import word_space
from assistant.retrieval.library import DocumentRecord
from assistant.retrieval.terms import terms
from assistant.retrieval.visible import seen_status
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.answering.audit import Disputed

Progress = Callable[[int, int, str], None]
History = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PassageView:
    """A cited sentence in its surroundings, for reading."""

    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that a search brought."""

    passage: Passage
    language: str
    best: int  # which of its sentences comes nearest to answering
    score: float  # how probably that one answers: 0 to 1


class Assistant(Asynchronous):
    """Answers questions from one corpus. Made once, used from any thread.

    A new generation of the index is picked up by the next question; nothing needs a restart.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings.load()
        self._words = word_space(self.settings)
        self._opening = Opening(self.settings, self._embedder, self._words)
        self.apart = Apart(seconds=self.settings.read_seconds, memory_mb=self.settings.read_memory_mb)
        self._read = self.apart.read
        self._shelf = Shelf(self.settings.corpus, max_file_mb=self.settings.max_file_mb, read=self._read)
        self._caller: Caller = LOCAL

    def seen_by(self, caller: Caller) -> "Assistant":
        """The same assistant for one caller: documents that they may not read are, for everything it does, not there.

        Costs nothing to make; whoever serves several people makes one for each request.
        """
        seen = copy.copy(self)
        seen._caller = caller
        return seen

    def index(self, *, progress: Progress | None = None, rebuild: bool = False) -> IndexReport:
        """Bring the index up to date with the corpus. An unchanged corpus costs nothing.

        Raises:
            AccessError: the caller may not.
            CorpusMissingError, IndexLockedError, ModelMismatchError: nothing was changed.
        """
        self._must_be("curator")
        return build_index(self.settings, self._pipeline(), self._embedder(), progress=progress, rebuild=rebuild)

    def status(self) -> IndexStatus:
        """What is indexed, with which model, when, and what changed in the corpus since.

        A reader is told of indexed documents only: whom other files are for is not known before they are read.
        """
        found = index_status(self.settings, self._pipeline())
        return found if self._caller.role == "admin" else seen_status(found, self._caller)

    def ask(
        self,
        question: str,
        *,
        history: History = (),
        language: str | None = None,
        as_of: date | None = None,
        among: Among | None = None,
    ) -> Answer:
        """Answer a question from the documents, or say that they do not.

        Args:
            question: in Danish, Dutch or English.
            history: earlier (question, answer) pairs, oldest first; a follow-up is completed from them.
            language: of the answer's own words; None: the question's.
            as_of: the day on which a document must be in force to be preferred; None: the day that the question
                itself plainly asks about ("as of 1 March 2023"), or today.
            among: answer from these documents only, as if there were no others; None: from all.

        Raises:
            QuestionError: the question is too long or its language unknown.
            IndexMissingError, IndexDamagedError, ModelMismatchError: there is no index to search.
        """
        return _last(self._answering(question, history, language, as_of, among))

    def stream(
        self,
        question: str,
        *,
        history: History = (),
        language: str | None = None,
        as_of: date | None = None,
        among: Among | None = None,
    ) -> Iterator[Statement | Answer]:
        """As `ask`, but statements come one by one as they pass grounding, and the whole Answer last.

        The statements are those of the Answer, in order, and their numbers are those of its citations.
        """
        given = 0
        answering = self._answering(question, history, language, as_of, among)
        while True:
            try:
                yield next(answering)
                given += 1
            except StopIteration as done:
                answer: Answer = done.value
                break
        yield from answer.statements[given:]
        yield answer

    def _answering(
        self, question: str, history: History, language: str | None, as_of: date | None, among: Among | None
    ) -> Generator[Statement, None, Answer]:
        started = time.perf_counter()
        opened = self._open(among)
        without_day, day = (question, as_of) if as_of else dated(question)
        on = day or date.today()
        asked = understand(
            without_day,
            history=history,
            language=language or self.settings.language or None,
            max_characters=self.settings.max_question_characters,
        )
        drafting = self._drafting(opened, on)
        drafted, ranked = drafting.in_parts(asked, history) or drafting.whole(asked)
        if asked.leans_on and drafted.reason in ("missing", "premise") and stands_alone(asked.text):
            by_itself = understand(without_day, language=asked.language)  # short, and yet no follow-up
            alone, found = drafting.whole(by_itself)
            asked, drafted, ranked = (asked, drafted, ranked) if alone.reason else (by_itself, alone, found)
        drafted, left_out = settled(drafted, opened.succession, on)
        drafted = yield from self._worded(asked, held(drafted, asked.language))
        answer = compose(asked, drafted, ranked, opened.index.library.document, searched=len(opened.records))
        known = {id_: record.metadata for id_, record in opened.records.items()}
        answer = stamped(answer, opened.succession, known, on, is_asked=day is not None, left_out=left_out)
        return replace(answer, question=question if day else answer.question, seconds=time.perf_counter() - started)

    def audit(self, *, as_of: date | None = None) -> list["Disputed"]:
        """Every place where documents disagree, surest first; without the documents that do not hold on the day.

        Args:
            as_of: the day; None: today.

        Raises:
            IndexMissingError, IndexDamagedError, ModelMismatchError: there is no index to search.
        """
        from assistant.answering.audit import audit

        opened, day = self._open(), as_of or date.today()
        if day not in opened.audited:
            subjects = {id_: record.subjects for id_, record in opened.records.items()}
            document, near = opened.index.library.document, opened.documents_near
            opened.audited[day] = audit(opened.aligner, subjects, near, document, opened.succession, day)
        return list(opened.audited[day])

    def verify(
        self, text: str, sources: Sequence[Path | str] | None = None, *, language: str | None = None
    ) -> Verification:
        """Say of each sentence of a text whether documents back it, and what is wrong where they do not.

        Args:
            text: in Danish, Dutch or English, from whomever.
            sources: files (Path) and texts (str) to hold it against, no index needed; None: the indexed documents.
            language: of the text; None: told from it.

        Raises:
            VerifyError: the text is empty, or `sources` are.
            DocumentError: a source cannot be read.
            IndexMissingError, IndexDamagedError, ModelMismatchError: there is no index to search.
        """
        if not text.strip():
            raise VerifyError("there is no text")
        if sources is not None:
            documents = sent_along(sources, self._read, max_file_mb=self.settings.max_file_mb)
            find, searched = all_places(documents), len(documents)
        else:
            find, searched = self._places(), len(self._open().records)
        return verify(
            text,
            find,
            searched=searched,
            language=language or "",
            space=self._words,
            second=load_judge(self.settings),
        )

    def _places(self) -> Callable[[str, str], Sequence[Place]]:
        """Finds, in the index, the sentences of the passages that are nearest to a statement."""
        opened = self._open()
        read: dict[str, Document] = {}

        def find(statement: str, language: str) -> list[Place]:
            places = []
            for hit in opened.searcher.search(statement, terms(statement, language)):
                id_ = hit.passage.document_id
                if id_ not in read:
                    read[id_] = opened.index.library.document(id_)
                about = opened.records[id_].subjects
                places += [Place(read[id_], hit.passage, index, about) for index in range(len(hit.passage.sentences))]
            return places

        return find

    def warm(self) -> None:
        """Walk the whole path once, so that the first question finds model, index and tables in memory."""
        self.ask("Hvor ofte gives den anbefalede dosis på 60 mg?")

    def read_ahead(self, stopped: threading.Event) -> None:
        """Read the sentences of the index while nobody asks, and those of each newer generation, until `stopped`."""
        keep_reading(self._open, packaged_reader(), stopped)

    def open(self) -> str:
        """Open the index; returns the name of its generation.

        Raises:
            IndexMissingError, IndexDamagedError, ModelMismatchError: it cannot be searched.
        """
        return self._open().index.generation

    def close(self) -> None:
        """Let go of the index's files."""
        self._opening.close()

    def document(self, document_id: str) -> Document:
        """An indexed document, with the text that citations count in.

        Raises:
            DocumentError: no such document is indexed.
        """
        return self._open().index.library.document(document_id)

    def built(self) -> datetime:
        """When the index that answers was built.

        Raises:
            IndexMissingError, IndexDamagedError, ModelMismatchError: it cannot be searched.
        """
        return datetime.fromisoformat(self._open().index.library.get_record("created"))

    def search(self, question: str, *, limit: int = 10, among: Among | None = None) -> list["Found"]:
        """The passages that come nearest to answering a question, best first, at most `limit`.

        Raises:
            QuestionError: the question is too long.
            IndexMissingError, IndexDamagedError, ModelMismatchError: there is no index to search.
        """
        opened = self._open(among)
        asked = understand(question, max_characters=self.settings.max_question_characters)
        ranked = rank(asked, self._drafting(opened).candidates(asked), opened.rarity, self._words, packaged_reader())
        best: dict[int, Evidence] = {}
        for evidence in ranked:
            best.setdefault(evidence.candidate.id, evidence)
        found = [Found(one.candidate.passage, one.candidate.language, one.index, one.score) for one in best.values()]
        return found[:limit]

    def retrieve(self, question: str, *, limit: int = 10) -> list[Hit]:
        """The passages as retrieval brings them, best first, at most `limit`: as `as_retriever`, without LlamaIndex.

        Raises:
            IndexMissingError, IndexDamagedError, ModelMismatchError: there is no index to search.
        """
        from assistant.documents.language import detect

        return self._open().searcher.search(question, terms(question, detect(question)))[:limit]

    def passage_view(self, citation: Citation) -> PassageView:
        """The passage around a citation in the reading view: what stands before, the cited sentence, what follows."""
        for stored in self._open().index.library.passages_of(citation.document_id):
            sentences = stored.passage.sentences
            if stored.passage.start != citation.passage_start:
                continue
            cited = [i for i, s in enumerate(sentences) if s.start < citation.end and citation.start < s.end]
            if cited:
                whole = joined(sentences)
                before = joined(sentences[: cited[0]])
                quote = joined(sentences[cited[0] : cited[-1] + 1])
                start = whole.index(quote, len(before))  # behind the gap that stands between the two
                return PassageView(whole[:start], quote, whole[start + len(quote) :])
        return PassageView("", citation.reading, "")

    def documents(self) -> list[DocumentRecord]:
        """The indexed documents, by id; unlike `status` it looks at no file of the corpus."""
        return list(self._open().records.values())

    def standings(self, on: date | None = None) -> dict[str, Standing]:
        """How each indexed document stands on a day; None: today."""
        opened, day = self._open(), on or date.today()
        return {id_: opened.succession.standing(id_, day) for id_ in opened.records}

    def passages(self, document_id: str) -> list[Passage]:
        """An indexed document's passages, in reading order; none where it has none."""
        return [stored.passage for stored in self._open().index.library.passages_of(document_id)]

    @property
    def may_change(self) -> bool:
        """Whether the caller may add and remove documents."""
        return self.settings.allow_changes and self._caller.may("curator")

    @property
    def sees_everything(self) -> bool:
        """Whether no document is kept from the caller."""
        return self._open() is self._opening.current()

    @property
    def shelf(self) -> Shelf:
        """The corpus folder, to be changed.

        Raises:
            LibraryError: the settings do not allow it.
            AccessError: the caller may not.
        """
        if not self.settings.allow_changes:
            raise LibraryError("refused", str(self.settings.corpus), "changes are switched off", "Set allow_changes")
        self._must_be("curator")
        return self._shelf if self._caller.role == "admin" else self._shelf.seen_by(self._caller.may_read)

    def _must_be(self, role: Role) -> None:
        if not self._caller.may(role):
            raise AccessError(role, self._caller.name)

    def examples(self, language: str, *, most: int = 4) -> list[str]:
        """Questions to start with, in `language`, made from what is indexed; each is answered, or left blank."""
        from assistant.answering.examples import examples

        opened = self._open()
        if language not in opened.offered:
            library = opened.index.library
            records = library.documents()[:20]  # enough to choose from, however many there are
            passages = [stored.passage for record in records for stored in library.passages_of(record.id)]
            asked = examples(passages, [record.metadata.title for record in records], language)
            drafts = [self._drafting(opened).whole(understand(text, language=language))[0] for text in asked]
            opened.offered[language] = [
                text for text, drafted in zip(asked, drafts, strict=True) if drafted.reason in (None, "blank")
            ]
        return opened.offered[language][:most]

    def as_retriever(self, *, limit: int = 10) -> Any:
        """Our retrieval as a LlamaIndex retriever."""
        from assistant.documents.language import detect

        return hybrid_retriever(self._open().searcher, detect, limit=limit)

    def as_query_engine(self) -> Any:
        """A LlamaIndex query engine whose answers, abstentions and sources are ours."""
        from assistant.llama import query_engine

        return query_engine(self)

    def _pipeline(self) -> Pipeline:
        read = partial(self._read, max_file_mb=self.settings.max_file_mb)
        return Pipeline(corpus_files, content_hash, read, segment, SEGMENT_VERSION)

    def _embedder(self) -> Embedder:
        return load_embedder(self.settings)

    def _open(self, among: Among | None = None) -> Opened:
        """The current generation, as the caller may see it, and of that what they want to hear of."""
        caller = self._caller
        if caller.role == "admin" and among is None:
            return self._opening.current()
        wanted = among or Among()
        return self._opening.current(lambda id_, known: caller.may_read(known) and wanted.takes(id_, known))

    def _drafting(self, opened: Opened, on: date | None = None) -> Drafting:
        return Drafting(opened, self._words, self.settings, on or date.today())

    def _worded(self, asked: Question, drafted: Draft) -> Generator[Statement, None, Draft]:
        """With a language model configured, the same evidence in its words, where grounding lets them pass."""
        if drafted.reason or not (self.settings.llm_url and self.settings.llm_model):
            return drafted
        from assistant.answering.generative import streamed

        telling = streamed(asked, drafted, self.settings, self._words, load_judge(self.settings))
        numbers: dict[tuple[str, int, int], int] = {}  # as compose gives them: in order of first use
        while True:
            try:
                said = next(telling)
            except StopIteration as done:
                return done.value  # type: ignore[no-any-return]
            cited = tuple(numbers.setdefault(evidence.key, len(numbers) + 1) for evidence in said.backing)
            yield Statement(said.text, cited)


def _last(answering: Generator[Statement, None, Answer]) -> Answer:
    """What a generator returns, once all it yields has been passed over."""
    while True:
        try:
            next(answering)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]
