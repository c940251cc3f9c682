"""`pytest --assistant-evals`: each question set is one test, which fails as the gate of `assistant eval` does."""

from pathlib import Path
from typing import Any

import pytest

GROUP = "assistant evals"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup(GROUP)
    group.addoption("--assistant-evals", action="store_true", help="Run question sets (YAML below evals/) as tests.")
    group.addoption(
        "--assistant-baseline",
        default="",
        help="Fail where a set became worse since a run: a file, a folder.  [default: the folder baseline beside it]",
    )
    group.addoption("--assistant-workers", type=int, default=0, help="Questions asked at once; 0: one a core.")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    wanted = file_path.suffix == ".yaml" and file_path.parent.name == "evals"
    if not wanted or not parent.config.getoption("--assistant-evals"):
        return None
    return _SetFile.from_parent(parent, path=file_path)


class _SetFile(pytest.File):
    """A question set on disk."""

    def collect(self) -> Any:
        yield _SetItem.from_parent(self, name="gate")


class _SetItem(pytest.Item):
    """A question set, run."""

    def runtest(self) -> None:
        from assistant.evaluation.command import Options, gated

        config = self.config
        committed = self.path.parent / "baseline"
        beside = str(committed) if (committed / f"{self.path.stem}.json").is_file() else ""
        options = Options(
            workers=config.getoption("--assistant-workers"), baseline=config.getoption("--assistant-baseline") or beside
        )
        ran = gated(self.path, options)
        self.add_report_section("call", "scores", ran.report.table(show=True, terminal=False))
        if ran.failures:
            raise _GateError("\n".join(ran.failures))

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The gate's lines; anything else as pytest shows it. An error of ours says what to do."""
        from assistant.errors import AssistantError

        if isinstance(excinfo.value, _GateError | AssistantError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"evals: {self.path.name}"


class _GateError(Exception):
    """The gate does not hold."""
