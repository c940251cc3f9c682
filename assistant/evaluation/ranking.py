"""How high the search puts the passages that hold the evidence: recall and nDCG at a rank."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

DEPTH = 10  # ranks looked at


@dataclass(frozen=True, slots=True)
class Ranking:
    """Where the relevant passages of one question came."""

    ranks: tuple[int, ...]  # of those found, from 1, ascending, at most DEPTH
    relevant: int  # passages that hold acceptable evidence, at least 1

    @property
    def first(self) -> int | None:
        """The rank of the best of them; None: none was found."""
        return self.ranks[0] if self.ranks else None


def recall(ranking: Ranking, at: int) -> float:
    """The share of the relevant passages among the first `at`, of as many as fit there; 0 to 1.

    Source: Manning, Raghavan and Schütze, "Introduction to Information Retrieval", 2008, 8.4; capped at `at` so that a
    question with more evidence than that can still reach 1.
    """
    return sum(rank <= at for rank in ranking.ranks) / min(at, ranking.relevant)


def ndcg(ranking: Ranking, at: int) -> float:
    """Discounted gain of the relevant passages among the first `at`, of that of the best order; 0 to 1.

    Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20, 2002; a relevant
    passage gains 1, discounted by log2(rank + 1).
    """
    return _gain([rank for rank in ranking.ranks if rank <= at]) / _gain(range(1, min(at, ranking.relevant) + 1))


def _gain(ranks: Sequence[int]) -> float:
    return math.fsum(1 / math.log2(rank + 1) for rank in ranks)
