"""Offline is normal: with every socket but loopback shut it indexes, answers, abstains and serves the page."""

import os
import subprocess
import sys
from pathlib import Path


def test_the_whole_job_is_done_without_a_network(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("Dosis af Veltoral er 60 mg, og Veltoral gives hver 4. uge.\n", "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ASSISTANT_", "HF_"))}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("offline_run.py")), str(tmp_path)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=240,
    )
    assert done.stdout.endswith("done offline\n"), done.stderr[-3000:]
