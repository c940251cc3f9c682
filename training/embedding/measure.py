"""Measuring: how often the counterpart of a sentence stands first."""

from typing import Any

import numpy as np

from training.embedding.sets import Held


def first(model: Any, held: list[Held]) -> dict[str, float]:
    """Share of held-out sentences whose counterpart is the nearest of the block, in both directions."""
    found: dict[str, float] = {}
    for block in held:
        vectors = [
            model.encode([pair[side] for pair in block.pairs], normalize_embeddings=True, convert_to_numpy=True)
            for side in (0, 1)
        ]
        there = np.arange(len(block.pairs))
        near = vectors[0] @ vectors[1].T
        others = [
            (vectors[1 - side] @ model.encode(texts, normalize_embeddings=True, convert_to_numpy=True).T).max(1)
            if texts
            else np.full(len(there), -1.0)
            for side, texts in enumerate(block.others)
        ]
        source, target = block.name.split()[-1].split("-")
        kind = block.name.split()[0]
        found[f"{kind} {source}-{target}"] = round(
            float(((near.argmax(1) == there) & (near.max(1) > others[1])).mean()), 4
        )
        found[f"{kind} {target}-{source}"] = round(
            float(((near.argmax(0) == there) & (near.max(0) > others[0])).mean()), 4
        )
    return found
