"""What can be checked of deploy/ without systemd running and without Docker: that its parts are there and fit."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from assistant.cli import app
from assistant.settings import Settings

ROOT = Path(__file__).parents[1]
UNIT = (ROOT / "deploy" / "assistant.service").read_text("utf-8")
IMAGE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")


def test_every_setting_and_command_they_name_exists() -> None:
    named = set(re.findall(r"ASSISTANT_([A-Z_]+)", UNIT + IMAGE))
    assert named and {name.lower() for name in named} <= set(Settings.model_fields)
    commands = set(re.findall(r"(?:bin/|[\"&] ?|exec )assistant ([a-z]+)", UNIT + IMAGE))
    assert commands == {"index", "serve"} and commands <= set(get_command(app).commands)  # type: ignore[attr-defined]


def test_what_the_image_copies_is_there_and_enough_to_build_from() -> None:
    copied = [word for line in re.findall(r"^COPY (.*)$", IMAGE, re.M) for word in shlex.split(line)[:-1]]
    files = [name for name in copied if not name.startswith("--")]
    assert {"pyproject.toml", "README.md", "LICENSE", "assistant"} <= set(files)  # what pip reads
    assert all((ROOT / name).exists() for name in files)
    (probe,) = re.findall(r'"python", "-c", "(.*)"\]', IMAGE)
    compile(probe, "HEALTHCHECK", "exec")


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """With a command in place of ours, which is not installed where tests run."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed; on Debian: apt-get install systemd")
    unit = tmp_path / "assistant.service"
    unit.write_text(re.sub(r"/srv/assistant/\.venv/bin/assistant (index|serve)", "/bin/true", UNIT), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60)
    assert [line for line in done.stderr.splitlines() if "assistant.service" in line] == []
