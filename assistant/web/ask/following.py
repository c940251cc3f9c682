"""Questions to ask next: what the documents behind an answer speak of besides, as far as it has not been asked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.access import Among
from assistant.answering.answer import Answer
from assistant.answering.examples import examples
from assistant.errors import AssistantError
from assistant.retrieval.lexical import tokens

if TYPE_CHECKING:
    from assistant.engine import Assistant

MOST = 3  # buttons
_CANDIDATES = 12  # questions to choose from
_FAMILY = 12  # documents about one thing that are looked through, at most
_ALIKE = 0.6  # of the words of a question, from where on another has asked it already
_KEPT = 500  # sets of documents whose questions are remembered


class FollowUps:
    """The questions that a set of documents can be asked, made once for each set and each state of the index."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, tuple[str, ...], str], tuple[list[str], set[str]]] = {}

    def after(
        self, assistant: "Assistant", answer: Answer, asked: Sequence[str], among: Among | None = None
    ) -> list[str]:
        """At most `MOST` questions to ask after an answer, in its language; none where its documents offer none.

        Args:
            asked: the questions of the conversation, this one included.
            among: which documents answers may come from; None: all.
        """
        try:
            records = [one for one in assistant.documents() if among is None or among.takes(one.id, one.metadata)]
            titles = {one.id: one.metadata.title for one in records}
            cited = dict.fromkeys(one.document_id for one in answer.citations or answer.nearest)
            offered, name = self._of(assistant, tuple(id_ for id_ in cited if id_ in titles), titles, answer.language)
        except AssistantError:  # the index went while the answer was drawn
            return []
        return [one for one in offered if not any(_is_like(one, other, name) for other in asked)][:MOST]

    def _of(
        self, assistant: "Assistant", cited: tuple[str, ...], titles: dict[str, str], language: str
    ) -> tuple[list[str], set[str]]:
        """What the cited documents, and others about the same, can be asked; and the name of what they are about."""
        key = (assistant.built().isoformat(), cited, ",".join([language, *titles]))
        if key not in self._made:
            if len(self._made) >= _KEPT:
                self._made.clear()
            name = _shared(_questions(assistant, cited, titles, language))
            others = [id_ for id_, title in titles.items() if id_ not in cited and name & set(tokens(title))]
            offered = _questions(assistant, (*cited, *others)[:_FAMILY], titles, language)
            self._made[key] = [one for one in offered if name and name <= set(tokens(one))], name
        return self._made[key]


def _questions(assistant: "Assistant", ids: Sequence[str], titles: dict[str, str], language: str) -> list[str]:
    passages = [passage for id_ in ids for passage in assistant.passages(id_)]
    return examples(passages, [titles[id_] for id_ in ids], language)[:_CANDIDATES]


def _shared(questions: Sequence[str]) -> set[str]:
    """The words that all of several questions have: the name of what they ask about."""
    return set.intersection(*(set(tokens(one)) for one in questions)) if len(questions) > 1 else set()


def _is_like(question: str, other: str, name: set[str]) -> bool:
    """Whether two questions ask the same, the name aside, as far as their words tell."""
    words, others = set(tokens(question)) - name, set(tokens(other)) - name
    return bool(words & others) and len(words & others) >= _ALIKE * min(len(words), len(others))
