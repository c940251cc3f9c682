"""Learns the weights of evidence. Usage: python -m training.evidence DATA OUT.json [--also QUESTIONS.jsonl DOCUMENTS]

Prints how often the right sentence stands first, and how well the probability tells right answers from wrong ones, each
measured on questions left out of the fit.
"""

import argparse
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering.evidence import judged as judged_by
from assistant.answering.evidence import nearness as read_by
from assistant.answering.reader import packaged_reader
from training.evidence import fit
from training.evidence.cases import Folder, from_documents, from_leaflets, from_more_leaflets, from_question_set
from training.evidence.fit import Judged, Read
from training.evidence.rows import Rows, of_folder
from training.evidence.table import calibration, found_first

_HERE = Path(__file__).parent
_EVALS = _HERE.parents[1] / "evals"
# The reader was trained on the leaflets and on most documents, so what it is worth is learnt on the others.
_SETS = ("conexxence", "veltoral", "anticoagulants", "insulins")
_MIXED = ("mixed", "mixed-2", "mixed-3")


def folders(data: Path, also: tuple[Path, Path] | None) -> tuple[list[Folder], list[Folder]]:
    """Leaflets and documents that the reader was trained on, and question sets that it was not."""
    apart = [from_question_set(_EVALS / f"{name}.yaml") for name in _SETS]
    apart += [from_question_set(_HERE / name / "questions.jsonl", _HERE / name / "docs") for name in _MIXED]
    apart += from_documents(apart=True)
    if also:
        apart.append(from_question_set(*also))
    return [*from_leaflets(data), *from_more_leaflets(data), *from_documents(apart=False)], apart


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--also", type=Path, nargs=2, metavar=("QUESTIONS", "DOCUMENTS"))
    arguments = parser.parse_args()
    seen, apart = folders(arguments.data, tuple(arguments.also) if arguments.also else None)
    with tempfile.TemporaryDirectory() as work:
        rows_seen = [row for folder in seen for row in of_folder(folder, Path(work))]
        rows_apart = [row for folder in apart for row in of_folder(folder, Path(work))]
    measured = fit.measured([*rows_seen, *rows_apart])
    read = [_read(row, measured) for row in rows_apart]
    again = fit.read_again(read)
    judged = [_judged(one, again) for one in read]
    logits = fit.cross_fitted(judged)
    print(found_first(judged, logits, measured))
    print(calibration(judged, logits))
    learnt = {
        "measured": measured.as_dict(),
        "read": again.as_dict(),
        "judged": fit.judged_again(judged).as_dict(),
        "confidence": fit.confidence(judged, logits).as_dict(),
        "instead": fit.instead(fit.pairs(judged, logits)).as_dict(),
        "trees": fit.boosted(judged),
    }
    arguments.out.write_text(compact(learnt) + "\n", "utf-8")


def compact(learnt: dict[str, Any]) -> str:
    """As JSON, with a measure or a tree a line."""
    text = json.dumps(learnt, indent=1)
    for depth in (r"[^\[\]]", r"(?:[^\[\]]|\[[^\[\]]*\])"):  # lists of numbers, then lists of those
        text = re.sub(rf"(?<!\\)\[{depth}*\]", lambda found: re.sub(r"\s+", " ", found[0]), text)
    return text


def _read(row: Rows, measured: fit.Regression) -> Read:
    return Read(row, np.asarray(read_by(row.question, row.measured, measured.logits(row.x), packaged_reader())))


def _judged(one: Read, again: fit.Regression) -> Judged:
    rows = one.rows
    fits = judged_by(rows.question, rows.measured, again.logits(one.matrix), packaged_reader())
    return Judged(rows, one.near, np.asarray(fits))


if __name__ == "__main__":
    main()
