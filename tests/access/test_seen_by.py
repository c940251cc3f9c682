"""What one may not read is, for everything the assistant does, as if it were not there."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Assistant, Settings
from assistant.access import LOCAL, Among, Caller
from assistant.documents.validity import first_day
from assistant.errors import AccessError, DocumentError, LibraryError

# Each document says something that no other does, and something that another says differently.
DOCUMENTS = {
    "veltoral.da.md": ("", "Veltoral", "da", "Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge."),
    "veltoral-ny.da.md": (
        "pharmacy",
        "Veltoral, ny vurdering",
        "da",
        "Den anbefalede dosis af Veltoral er 75 mg én gang hver 4. uge. Veltoral må ikke gives ved zygnosis.",
    ),
    "ombrevan.nl.md": (
        "pharmacy, doctors",
        "Ombrevan",
        "nl",
        "De aanbevolen dosering van Ombrevan is 12 mg per dag. Ombrevan wordt bewaard bij kwarbutemperatuur.",
    ),
    "tersimol.en.md": (
        "board",
        "Tersimol",
        "en",
        "The price of Tersimol is 1,116 kr. per package. Tersimol is discussed by the plimforth committee.",
    ),
}
_DATES = dict(zip(DOCUMENTS, ("2025-01-01", "2025-02-01", "2025-03-01", "2025-04"), strict=True))
QUESTIONS = (
    "Hvor meget Veltoral skal man have?",
    "Hvornår må Veltoral ikke gives?",
    "Hoe wordt Ombrevan bewaard?",
    "What does Tersimol cost?",
    "Who discusses Tersimol?",
    "Hvad er den anbefalede dosis?",
)
CALLERS = {
    "nobody": Caller(),
    "pharmacist": Caller("p", frozenset({"pharmacy"})),
    "doctor": Caller("d", frozenset({"doctors"}), "curator"),
    "board": Caller("b", frozenset({"board", "doctors"})),
}


def written(folder: Path, names: Iterable[str], groups: Mapping[str, str] | None = None) -> Path:
    """Some of the documents in a folder; for the groups that `groups` says, or their own."""
    folder.mkdir(parents=True)
    for name in names:
        access, title, language, text = DOCUMENTS[name]
        access = groups[name] if groups else access
        said = f"\naccess: [{access}]" if access else ""
        head = f"---\ntitle: {title}\nlanguage: {language}\npublisher: The {title} office\ndate: {_DATES[name]}{said}\n---\n"
        (folder / name).write_text(f"{head}\n# {title}\n\n{text}\n", "utf-8")
    return folder


def readable(caller: Caller) -> list[str]:
    return [
        name
        for name, (access, *_) in DOCUMENTS.items()
        if not access or caller.groups & {group.strip() for group in access.split(",")}
    ]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("access")
    made = Assistant(Settings(corpus=written(folder / "corpus", DOCUMENTS), index=folder / "index"))
    made.index()
    yield made
    made.close()


def everything_said(assistant: Assistant, *, verified: bool = True) -> str:
    """All that a caller can be told: answers, lists, counts, suggestions, disagreements, checks, errors."""
    told: list[object] = [assistant.ask(question).as_dict() for question in QUESTIONS]
    told += [found.as_dict() for found in assistant.audit()]
    status = assistant.status()
    told += [[record.metadata.title for record in status.documents], status.passages, status.sentences]
    told += [status.changed, status.removed]
    told += [assistant.examples(language) for language in ("da", "nl", "en")]
    told += [sorted(assistant.standings())]
    if verified:
        told.append(assistant.verify(" ".join(text for *_, text in DOCUMENTS.values())).as_dict())
    told += [node.text for node in assistant.as_retriever().retrieve("zygnosis kwarbutemperatuur plimforth")]
    for name in DOCUMENTS:
        try:
            told.append(assistant.document(name).text)
        except DocumentError as error:
            told.append(str(error))
        told.append([passage.text for passage in assistant.passages(name)])
    for one in told:
        if isinstance(one, dict):
            one.pop("seconds", None)
    return json.dumps(told, ensure_ascii=False, default=str)


@pytest.mark.parametrize("who", CALLERS)
def test_a_caller_is_told_what_they_would_be_told_without_the_other_documents(
    assistant: Assistant, tmp_path: Path, who: str
) -> None:
    names = readable(CALLERS[who])
    alone = Assistant(Settings(corpus=written(tmp_path / "corpus", names), index=tmp_path / "index"))
    alone.index()
    assert everything_said(assistant.seen_by(CALLERS[who])) == everything_said(alone)
    alone.close()


@settings(max_examples=12, deadline=None)
@given(
    st.fixed_dictionaries({name: st.sets(st.sampled_from("abc")) for name in DOCUMENTS}),
    st.sets(st.sampled_from("abc")),
)
def test_so_it_is_whoever_may_read_what(allowed: dict[str, set[str]], groups: set[str]) -> None:
    named = {name: ", ".join(sorted(who)) for name, who in allowed.items()}
    visible = [name for name, who in allowed.items() if not who or who & groups]
    if not visible:  # there is no index over nothing to compare with
        return
    with TemporaryDirectory() as folder:
        root = Path(folder)
        whole = Assistant(Settings(corpus=written(root / "all", DOCUMENTS, named), index=root / "index"))
        alone = Assistant(Settings(corpus=written(root / "some", visible, named), index=root / "other"))
        try:
            whole.index()
            alone.index()
            caller = Caller("c", frozenset(groups))
            assert everything_said(whole.seen_by(caller)) == everything_said(alone.seen_by(caller))
        finally:
            whole.close()
            alone.close()


@pytest.mark.parametrize("who", CALLERS)
def test_nothing_of_a_hidden_document_is_told(assistant: Assistant, who: str) -> None:
    told = everything_said(assistant.seen_by(CALLERS[who]), verified=False)  # which says again what it is given
    for name in DOCUMENTS.keys() - set(readable(CALLERS[who])):
        _, title, _, text = DOCUMENTS[name]
        assert f"The {title} office" not in told
        for sentence in (part for part in text.split(". ") if len(part) > 20):
            assert sentence not in told


def test_whoever_may_read_it_is_told(assistant: Assistant) -> None:
    said = assistant.seen_by(CALLERS["pharmacist"]).ask("Hoe wordt Ombrevan bewaard?")
    assert not said.abstained
    assert said.citations[0].document_id == "ombrevan.nl.md"
    assert assistant.seen_by(CALLERS["nobody"]).ask("Hoe wordt Ombrevan bewaard?").abstained


def test_a_disagreement_with_a_hidden_document_is_none(assistant: Assistant) -> None:
    question = "Hvor meget Veltoral skal man have?"
    assert assistant.seen_by(CALLERS["pharmacist"]).ask(question).conflicts
    assert not assistant.seen_by(CALLERS["board"]).ask(question).conflicts


def test_views_do_not_mix(assistant: Assistant) -> None:
    for first, second in combinations(CALLERS, 2):
        before = everything_said(assistant.seen_by(CALLERS[first]))
        everything_said(assistant.seen_by(CALLERS[second]))
        assert everything_said(assistant.seen_by(CALLERS[first])) == before


def test_an_admin_reads_everything(assistant: Assistant) -> None:
    assert everything_said(assistant.seen_by(LOCAL)) == everything_said(assistant)
    assert len(assistant.seen_by(Caller("a", role="admin")).status().documents) == len(DOCUMENTS)


def test_a_reader_changes_nothing_and_a_curator_only_what_they_may_read(tmp_path: Path) -> None:
    corpus = written(tmp_path / "corpus", DOCUMENTS)
    assistant = Assistant(Settings(corpus=corpus, index=tmp_path / "index"))
    with pytest.raises(AccessError, match="curator"):
        assistant.seen_by(CALLERS["pharmacist"]).index()
    with pytest.raises(AccessError, match="curator"):
        _ = assistant.seen_by(CALLERS["pharmacist"]).shelf
    doctor = assistant.seen_by(CALLERS["doctor"])
    doctor.index()
    with pytest.raises(LibraryError) as hidden:
        doctor.shelf.remove("tersimol.en.md")
    with pytest.raises(LibraryError) as missing:
        doctor.shelf.remove("nothing.en.md")
    assert str(hidden.value).replace("tersimol", "nothing") == str(missing.value)
    removed = assistant.shelf.remove("tersimol.en.md")
    assert [one.document_id for one in assistant.shelf.removed()] == ["tersimol.en.md"]
    assert doctor.shelf.removed() == []
    with pytest.raises(LibraryError):
        doctor.shelf.restore(removed.token)
    assert doctor.shelf.remove("ombrevan.nl.md").document_id == "ombrevan.nl.md"
    assistant.close()


@pytest.mark.parametrize(
    ("among", "names"),
    [
        (Among(documents=frozenset({"ombrevan.nl.md"})), {"ombrevan.nl.md"}),
        (Among(languages=frozenset({"da"})), {"veltoral.da.md", "veltoral-ny.da.md"}),
        (
            Among(publishers=frozenset({"The Tersimol office", "The Ombrevan office"})),
            {"ombrevan.nl.md", "tersimol.en.md"},
        ),
        (Among(since=first_day("2025-03")), {"ombrevan.nl.md", "tersimol.en.md"}),
        (Among(languages=frozenset({"en"}), until=first_day("2024")), set()),
    ],
)
def test_an_answer_comes_from_among_the_documents_asked_for(
    assistant: Assistant, among: Among, names: set[str]
) -> None:
    cited = {c.document_id for q in QUESTIONS for c in assistant.ask(q, among=among).citations}
    assert cited <= names
    assert assistant.ask(QUESTIONS[0], among=among).searched == len(names)
    whole = {c.document_id for q in QUESTIONS for c in assistant.ask(q).citations}
    assert whole & names == cited


def test_a_filter_opens_nothing(assistant: Assistant) -> None:
    seen = assistant.seen_by(CALLERS["nobody"])
    assert seen.ask(QUESTIONS[2], among=Among(documents=frozenset({"ombrevan.nl.md"}))).abstained
