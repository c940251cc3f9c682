"""A damaged index answers as before, or names the command that mends it. In full: `python -m benchmarks.faults`."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.errors import IndexNotWrittenError
from assistant.retrieval.embedding import load_embedder
from assistant.retrieval.index import generations
from assistant.retrieval.index.checking import check
from assistant.retrieval.index.writing import writes
from assistant.settings import Settings

if not sys.platform.startswith("linux"):
    pytest.skip("forks processes that open an index", allow_module_level=True)

ROOT = Path(__file__).parents[2]


def test_a_killed_build_and_damaged_files_leave_an_index_that_answers_or_says_what_mends_it() -> None:
    """In a process of its own: it forks, and where threads run already, as in a test's, a fork may wait for ever."""
    command = [sys.executable, "-m", "benchmarks.faults", "1", "4"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "4 damages" in done.stdout


def test_without_room_permission_quiet_or_a_clock_the_old_index_answers_or_the_error_says_what_to_do() -> None:
    command = [sys.executable, "-m", "benchmarks.hardships", "8"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "no file beyond 50 kB: refused with its remedy (IndexNotWrittenError" in done.stdout
    assert "not to be written: refused with its remedy (IndexNotWrittenError" in done.stdout


def test_files_that_could_not_be_copied_are_told_in_one_short_line(tmp_path: Path) -> None:
    failed = shutil.Error([("a", "b", "[Errno 28] No space left on device: 'a' -> 'b'")] * 3)
    with pytest.raises(IndexNotWrittenError) as told, writes(tmp_path):
        raise failed
    assert "([Errno 28] No space left on device)" in str(told.value)
    assert f"run: assistant index --index {tmp_path}" in str(told.value)


def test_check_says_what_is_whole_and_what_mends_the_rest(small: Settings) -> None:
    def told(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["check", "--index", str(small.index), *arguments])
        return done.exit_code, done.output

    status, said = told()
    assert (status, "is as it was built" in said) == (0, True), said
    place = generations.path_of(small.index, str(generations.current(small.index)))
    (place / "chroma" / "chroma.sqlite3").write_bytes(b"no database")
    status, said = told()
    assert status == 1
    assert "assistant check --mend" in said
    assert (told("--mend")[0], told()[0]) == (0, 0)
    with (generations.path_of(small.index, "000002") / "library.sqlite").open("ab") as file:
        file.write(b"\0")
    found = check(small, load_embedder(small))
    assert not found.texts_are_whole
    status, said = told("--mend")
    assert (status, "assistant index --rebuild" in said) == (1, True)


@pytest.fixture
def small(tmp_path: Path) -> Settings:
    """A small index, in a folder of its own."""
    from assistant import Assistant

    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("Dosis af Veltoral er 60 mg.\n\nVeltoral gives hver uge.\n", "utf-8")
    settings = Settings(corpus=tmp_path / "corpus", index=tmp_path / "index")
    assistant = Assistant(settings)
    assistant.index()
    assistant.close()
    return settings
