"""Texts through a model in batches of like length, so that little of a batch is padding."""

from collections.abc import Callable, Sequence
from typing import Any

import torch

TOGETHER = 32  # texts that are read at once


def in_batches(pieces: Sequence[Sequence[int]], read: Callable[[Any, Any], Any]) -> Any:
    """What `read` makes of ids and of which of them are there, (texts, pieces) each: one row a text, in their order."""
    order = sorted(range(len(pieces)), key=lambda at: len(pieces[at]))
    found = []
    for start in range(0, len(order), TOGETHER):
        several = [pieces[at] for at in order[start : start + TOGETHER]]
        ids = torch.ones(len(several), max(map(len, several)), dtype=torch.long)
        present = torch.zeros_like(ids)
        for row, these in enumerate(several):
            ids[row, : len(these)], present[row, : len(these)] = torch.tensor(these), 1
        found.append(read(ids, present))
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(found)[back]
