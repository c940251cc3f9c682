"""docs/api.md is true: its examples are run, its table of problems is whole."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from driving import served

from assistant import Assistant, Settings
from assistant.records.recorder import Recorder
from assistant.web.api.problems import KINDS

ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs" / "api.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", DOCS, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "corpus", made / "corpus")
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    assistant = Assistant(Settings(corpus=folder / "corpus", index=folder / "index", records_folder=folder / "records"))
    assistant.index()
    with ExitStack() as ends:
        ends.callback(assistant.close)
        recorder = Recorder.open(assistant)
        ends.callback(recorder.close)
        yield ends.enter_context(served(assistant, recorder))


@pytest.mark.parametrize("block", BLOCKS)
def test_the_examples_run(folder: Path, address: str, block: str) -> None:
    script = block.replace("http://127.0.0.1:7860", address).replace("curl -s", "curl -w '\\n' -s")
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=240)
    assert (done.returncode, done.stderr) == (0, "")
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert told or "event: answer" in done.stdout
    for one in told:
        assert ("type" in one) == ("quesiton" in block), one
        assert one.get("documents", ["some"]) != [] and one.get("passages", ["some"]) != []
    if "quesiton" in block:
        documented = json.loads(DOCS[DOCS.index('    {"type"') : DOCS.index("## How it is tested")])
        assert documented == told[0] | {"instance": documented["instance"]}  # the request's own id
        assert re.fullmatch("[0-9a-f]{16}", told[0]["instance"])


def test_every_kind_of_problem_is_described() -> None:
    rows = re.findall(r"^\| `/docs#([a-z-]+)` \| (\d+) \|", DOCS, re.MULTILINE)
    assert rows == [(name, str(kind.status)) for name, kind in KINDS.items()]


def test_every_route_is_described(address: str) -> None:
    for path, operations in httpx.get(f"{address}/openapi.json").json()["paths"].items():
        for method in operations:
            assert f"`{method.upper()} {path}" in DOCS
