"""docs/embedding.md is true: what it shows is run, against the default corpus and a real server."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from mcp import Client, StdioServerParameters
from playwright.sync_api import sync_playwright
from serving import served

from assistant import Assistant, Settings

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "embedding.md").read_text("utf-8")
SHOWN = "http://127.0.0.1:7860"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCS, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the default corpus, its index, and the command `assistant`."""
    made = tmp_path_factory.mktemp("embedding")
    shutil.copytree(ROOT / "corpus", made / "corpus")
    Assistant(Settings(corpus=made / "corpus", index=made / "index")).index()
    command = made / "bin" / "assistant"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\nfrom assistant.cli import main\n\nmain()\n", "utf-8")
    command.chmod(0o755)
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    assistant = Assistant(Settings(corpus=folder / "corpus", index=folder / "index"))
    with served(assistant) as at:
        yield at
    assistant.close()


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    return {**kept, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


def test_the_python_runs_from_top_to_bottom(
    folder: Path, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    shared: dict[str, Any] = {"__name__": "__docs__"}
    for block in blocks("python"):
        capsys.readouterr()
        exec(compile(block.replace(SHOWN, address), "docs/embedding.md", "exec"), shared)
        assert capsys.readouterr().out.strip(), block
    assert len(blocks("python")) >= 8


@pytest.mark.parametrize("block", blocks("sh"))
def test_the_shell_runs(folder: Path, address: str, block: str) -> None:
    done = subprocess.run(
        ["bash", "-c", block.replace(SHOWN, address)],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=240,
    )
    said = done.stdout or (folder / "answers.jsonl").read_text("utf-8")
    assert done.returncode in (0, 1), done.stderr  # 1: the answer is no
    assert done.stderr == ""
    for line in said.splitlines():
        if line.startswith("{"):
            assert "error" not in json.loads(line)
    assert "hver 6. måned" in said or "6 maanden" in said or "60 mg" in said or '"likeness"' in said


def test_the_settings_for_clients_can_be_read(folder: Path, address: str) -> None:
    local, remote = (json.loads(block) for block in blocks("json"))
    stated = local["mcpServers"]["assistant"]
    process = StdioServerParameters(
        command=str(folder / "bin" / stated["command"]), args=stated["args"], env={"PYTHONPATH": str(ROOT)}, cwd=folder
    )

    async def called(server: Any) -> list[str]:
        async with Client(server, read_timeout_seconds=120) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    told = asyncio.run(called(process))
    assert told == asyncio.run(called(remote["servers"]["assistant"]["url"].replace(SHOWN, address)))
    assert all(f"`{name}`" in DOCS for name in told)
    (chat,) = (yaml.safe_load(block) for block in blocks("yaml"))
    assert chat["endpoints"]["custom"][0]["models"]["default"] == ["assistant"]


@pytest.mark.browser
@pytest.mark.parametrize("block", blocks("js"))
def test_the_javascript_runs(address: str, block: str) -> None:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no Chromium is installed; on Debian: apt-get install chromium")
    events = httpx.post(f"{address}/api/v1/ask", json={"question": "?"}, headers={"Accept": "text/event-stream"})
    if "text/event-stream" in block and "text/event-stream" not in events.headers["content-type"]:
        pytest.skip("this server's /api/v1/ask does not stream")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        logged: list[str] = []
        page.on("console", lambda message: logged.append(f"{message.type}: {message.text}"))
        page.goto(f"{address}/healthz")
        page.evaluate(f"async () => {{ {block.replace(SHOWN, address)} }}")
        browser.close()
    assert any("6. måned" in line for line in logged)
    assert any("Array" in line or "Object" in line for line in logged)
    assert not any(line.startswith("error") for line in logged)
