"""Batches of questions for training, by shares that move as the time goes."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence

from training.reader.material import Worded


class Drawn:
    """Batches by the shares of the hour; each source from its start again where it is used up."""

    def __init__(
        self, groups: Sequence[Worded], shares: Mapping[str, tuple[float, float]], size: int, chance: random.Random
    ) -> None:
        """`shares`: of each source at the start and at the end; `size`: questions of a batch."""
        self._shares, self._size, self._chance = shares, size, chance
        self._of: dict[str, list[Worded]] = defaultdict(list)
        for group in groups:
            if not all(group.right):  # without a wrong sentence there is nothing to learn
                self._of[group.source].append(group)
        for several in self._of.values():
            chance.shuffle(several)
        self._at = dict.fromkeys(self._of, 0)

    def batch(self, done: float) -> list[Worded]:
        """`done`: how much of the time is over, 0 to 1."""
        weights = [self._shares[name][0] * (1 - done) + self._shares[name][1] * done for name in self._of]
        found = []
        for name in self._chance.choices(list(self._of), weights, k=self._size):
            found.append(self._of[name][self._at[name] % len(self._of[name])])
            self._at[name] += 1
        return found
