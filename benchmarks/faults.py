"""An index is killed, damaged, starved: afterwards it answers as before, or says which command mends it, and that does.

Usage: python -m benchmarks.faults [KILLS] [DAMAGES]

KILLS builds are killed (SIGKILL) at random moments, DAMAGES files cut or changed; then comes what `hardships.py` does.
Each in processes forked from this one, which itself opens no index. Linux only.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks import hardships
from benchmarks.house import DAMAGES, House

LIMITS = [10, 50, 200, 500, 1_000, 2_000]  # kB that a file may have, where the disk is full


def main() -> None:
    kills, damages = (int(given) for given in (sys.argv[1:] + ["200", "60"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), 60)
        chance = random.Random(7)
        began = time.perf_counter()
        outcomes = Counter(house.survives_a_kill(chance.uniform(0, 6)) for _ in range(kills))
        print(f"{kills} kills: {dict(outcomes)}, {time.perf_counter() - began:.0f} s")
        house.right = house.answer()
        cases = [(name, kind) for kind in DAMAGES for name in range(len(house.files()))]
        chance.shuffle(cases)
        outcomes = Counter()
        for name, kind in (cases * (damages // len(cases) + 1))[:damages]:
            files = house.files()
            outcomes[house.survives_damage(files[min(name, len(files) - 1)], kind, chance)] += 1
        print(f"{damages} damages: {dict(outcomes)}")
        if damages > len(cases):  # in full
            hardships.all_of(house, LIMITS)


if __name__ == "__main__":
    main()
