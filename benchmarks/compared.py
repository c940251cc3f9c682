"""The assistant beside plain llama-index, txtai, haystack and the floor: indexing and asking, side by side in one run.

Usage: python -m benchmarks.compared [--passages 2000] [--questions 100] [--only NAME …] [--others]

Leaflets are made from templates by seed. Each contender runs in a process of its own, one after the other; with
`--others` txtai and haystack too, in environments that are made for them. What stands first in the tables is the
assistant; ratios are by seconds of processor, which other work on the same machine disturbs least.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import leaflets
from benchmarks.environments import WANTED, environment, extras
from benchmarks.measured import apart, short, table

HERE = ("ours", "floor", "words", "product", "plain", "plain, read whole")
LABELS = {
    "ours": "assistant",
    "floor": "floor: encode, Chroma",
    "words": "floor: bm25s",
    "product": "floor: product of all vectors",
    "plain": "llama-index, MiniLM",
    "plain, read whole": "llama-index, chunks that MiniLM reads whole",
    "txtai": "txtai, MiniLM",
    "haystack": "haystack, MiniLM",
}


def plan(passages: int, number: int, askers: list[int]) -> dict[str, Any]:
    """What every contender is put through: 1 % of the documents change."""
    documents = max(1, passages // leaflets.PASSAGES)
    changed = range(0, documents, 100)
    asked = leaflets.questions(number + 5, passages)
    return {
        "changed": {f"leaflet-{place:06d}.md": leaflets.leaflet(place, edition=1) for place in changed},
        "warm": asked[:5],
        "questions": asked[5:],
        "askers": askers,
    }


def run(name: str, passages: int, wanted: dict[str, Any]) -> dict[str, Any]:
    """One contender, over documents of its own."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        leaflets.write(folder / "documents", passages)
        (folder / "plan.json").write_text(json.dumps(wanted), "utf-8")
        given = [name, str(folder / "documents"), str(folder / "place"), str(folder / "plan.json")]
        (folder / "place").mkdir()
        if name in WANTED:
            return dict(apart("benchmarks.contenders.run", *given, python=environment(name)))
        return dict(apart("benchmarks.contenders.run", *given, paths=[extras()]))


def told(found: dict[str, dict[str, Any]]) -> str:
    """Tables of indexing and of asking."""
    ours = found.get("ours")
    indexing, asking = [], []
    for name, one in found.items():
        spent = one["index"]["processor"]
        ratio = spent / one["documents"] / (ours["index"]["processor"] / ours["documents"]) if ours else None
        indexing.append(
            [
                LABELS[name],
                short(one["documents"] / one["index"]["seconds"]),
                short(one["documents"] / spent),
                short(one["vectors"] / spent),
                short(ratio),
                short(one["megabytes"]),
                short(one["on disk"]) if one["on disk"] else "–",
                short(one["change"]["processor"]) if "change" in one else "–",
            ]
        )
        for way in ("passages", "answers"):
            if way in one:
                asking.append(_asked(f"{LABELS[name]}, to {way}", one[way]))
    askers = [name for name in next(iter(found.values()))["passages"] if name.endswith("askers")]
    return "\n\n".join(
        (
            table(
                ["", "documents a second", "documents a second of processor", "vectors a second of processor",
                 "of the assistant's processor", "MB at the peak", "MB on disk", "1 % changed, s of processor"],
                indexing,
            ),
            table(
                ["", "p50 ms", "p99 ms", "p50 ms of processor", "p99 ms of processor",
                 *(f"a second, {name}" for name in askers), *(f"a second of processor, {name}" for name in askers)],
                asking,
            ),
        )
    )  # fmt: skip


def _asked(label: str, one: dict[str, Any]) -> list[str]:
    askers = [value for name, value in one.items() if name.endswith("askers")]
    return [
        label,
        *(short(one[name]) for name in ("p50", "p99", "processor p50", "processor p99")),
        *(short(value["a second"]) for value in askers),
        *(short(value["a second of processor"]) for value in askers),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--passages", type=int, default=2_000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--askers", type=int, nargs="*", default=[1, 8, 32])
    parser.add_argument("--only", nargs="*", choices=LABELS)
    parser.add_argument("--others", action="store_true")
    given = parser.parse_args()
    wanted = plan(given.passages, given.questions, given.askers)
    names = given.only or [*HERE, *(WANTED if given.others else ())]
    found = {}
    for name in names:
        try:
            found[name] = run(name, given.passages, wanted)
        except RuntimeError as error:  # one that breaks does not take the others along
            print(f"{LABELS[name]}: left out, {error}", file=sys.stderr, flush=True)
            continue
        print(f"{LABELS[name]}: {json.dumps(found[name])}", flush=True)
    print("\n" + told(found))


if __name__ == "__main__":
    main()
