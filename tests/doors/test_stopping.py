"""The service as a process: told to stop while it answers, it ends the answer, says so in its log, and exits with 0."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
QUESTION = "Hvor ofte gives Veltoral?"


@pytest.mark.skipif(os.name != "posix", reason="there are no such signals")
def test_an_answer_under_way_is_given_and_the_process_ends_well(tmp_path: Path) -> None:
    chosen = {"PORT": "0", "LOG_FORMAT": "json", "AUDIT_LOG": "false", "RECORDS_FOLDER": str(tmp_path / "records")}
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("stopping_run.py"))],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), **{f"ASSISTANT_{name}": value for name, value in chosen.items()}},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        address = process.stdout.readline().split()[2].rstrip("/")
        beats: list[str] = []
        beating = threading.Thread(target=lambda: beats.extend(_lines(f"{address}/gradio_api/heartbeat/page")))
        beating.start()
        asked = {"question": QUESTION, "stream": True}
        told: list[str] = []
        with httpx.stream("POST", f"{address}/api/v1/ask", json=asked, timeout=120) as reply:
            for line in reply.iter_lines():
                told.append(line)
                if line == "event: statement":
                    process.send_signal(signal.SIGTERM)
        _, logged = process.communicate(timeout=120)
        beating.join(60)
    finally:
        process.kill()
    assert [line for line in told if line.startswith("event")] == ["event: statement", "event: answer"]
    assert process.returncode == 0
    lines = [json.loads(line) for line in logged.splitlines()]
    (ask,) = [line for line in lines if line.get("path") == "/api/v1/ask"]
    assert (ask["door"], ask["method"], ask["status"]) == ("http", "POST", 200)
    assert ask["milliseconds"] >= 2000
    assert ask["request_id"] == reply.headers["x-request-id"]
    assert "Cancel" not in logged and QUESTION not in logged
    assert any("ALIVE" in beat for beat in beats)


def _lines(url: str) -> list[str]:
    with httpx.stream("GET", url, timeout=120) as reply:
        return list(reply.iter_lines())
