"""One contender, measured in a process of its own; prints one line of JSON.

Usage: python -m benchmarks.contenders.run NAME DOCUMENTS PLACE PLAN.json

The plan says which questions are asked, how many at once, and what the changed documents become.
"""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.measured import at_once, each, folder_megabytes, held_megabytes, peak_megabytes, taken

KNOWN = {
    "ours": ("ours", "Ours"),
    "plain": ("plain", "Plain"),
    "plain, read whole": ("plain", "PlainRead"),
    "floor": ("floor", "Floor"),
    "words": ("floor", "Words"),
    "product": ("floor", "Product"),
    "txtai": ("txtai_default", "Txtai"),
    "haystack": ("haystack_default", "Haystack"),
}


def measured(name: str, documents: Path, place: Path, plan: dict[str, Any]) -> dict[str, Any]:
    """Index, change, ask."""
    module, kind = KNOWN[name]
    contender = getattr(importlib.import_module(f"benchmarks.contenders.{module}"), kind)(documents, place)
    contender.warm()
    files = sorted(documents.iterdir())
    found: dict[str, Any] = {"documents": len(files), "megabytes before": held_megabytes()}
    with taken() as indexing:
        found["vectors"] = contender.index(files)
    found["index"] = vars(indexing)
    found["megabytes"] = peak_megabytes()
    found["on disk"] = folder_megabytes(place)
    if hasattr(contender, "update"):
        for file, text in plan["changed"].items():
            (documents / file).write_text(text, "utf-8")
        with taken() as changing:
            contender.update([documents / file for file in plan["changed"]])
        found["change"] = vars(changing)
    questions = plan["questions"]
    ways = {"passages": contender.passages}
    if hasattr(contender, "answer"):
        ways["answers"] = contender.answer
    for way, ask in ways.items():
        for question in plan["warm"]:
            ask(question)
        found[way] = each(ask, questions)
        found[way] |= {f"{askers} askers": at_once(ask, questions, askers) for askers in plan["askers"]}
    return found


def main() -> None:
    name, documents, place, plan = sys.argv[1:]
    print("\n" + json.dumps(measured(name, Path(documents), Path(place), json.loads(Path(plan).read_text("utf-8")))))


if __name__ == "__main__":
    main()
