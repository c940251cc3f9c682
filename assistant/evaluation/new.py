"""`assistant eval new`: what was seen in the records or in a chat, written as questions, and added to a set."""

from pathlib import Path
from uuid import uuid4

from assistant.errors import QuestionSetError
from assistant.evaluation.drafting import Seen, of_chat, of_feedback, of_record, written
from assistant.evaluation.question_set import load
from assistant.records.answer_record import AnswerRecord
from assistant.records.feedback import FeedbackStore
from assistant.records.log import AuditLog
from assistant.records.privacy import Privacy, is_hidden
from assistant.settings import Settings


def found(answer: str | None, chat: Path | None) -> str:
    """Questions for a set, as YAML: of a chat, else of an answer in the records, else of the newest thumb down.

    Raises:
        QuestionSetError: there is no such thing.
        RecordsError: the records cannot be read.
    """
    if chat is None:
        return written(_in_records(answer, Settings.load()))
    try:
        text = chat.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(chat, "the file", f"it cannot be read ({error}); name a UTF-8 file") from error
    return "".join(written(seen) for seen in of_chat(text))


def added(path: Path, text: str) -> list[str]:
    """Add questions to the end of a set that is there; returns what to do next. The set is left as it was on error.

    Raises:
        QuestionSetError: the set could not be read before, or could not after.
    """
    before = load(path)
    old = path.read_text("utf-8")
    aside = path.with_name(f".{uuid4().hex[:8]}{path.suffix}")
    try:
        aside.write_text(f"{old.rstrip()}\n\n{text}", "utf-8")
        try:
            after = load(aside)
        except QuestionSetError as error:
            reason = f"{error.reason}. Nothing was added"
            raise QuestionSetError(path, error.place, reason) from None
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    lines = [f"{path}: {len(after.questions) - len(before.questions)} questions added, ready to be asked"]
    drafts = [id_ for id_ in after.drafts if id_ not in before.drafts]
    return lines + [f"{path}: {id_} is a draft; write what a right answer holds, then remove 'draft'" for id_ in drafts]


def _in_records(answer: str | None, settings: Settings) -> Seen:
    log = AuditLog.open(settings, create=False)
    store = FeedbackStore(log.records, Privacy.of(settings))
    try:
        marked = list(store.list(most=1_000_000))
        if answer is None:
            downs = [one for one in marked if one.verdict == "down"]
            if not downs:
                raise QuestionSetError(
                    "the records", "feedback", "there is no thumb down; name an answer or --chat FILE"
                )
            answer = downs[0].answer_id
        entry = log.find("ask", answer)
        if entry is not None:
            return of_record(AnswerRecord.of(entry), marked)
        mine = [one for one in marked if one.answer_id == answer and one.question and not is_hidden(one.question)]
        if mine:
            return of_feedback(mine[0])
        raise QuestionSetError("the records", answer, "there is no answer of that id; see `assistant feedback --json`")
    finally:
        log.close()
