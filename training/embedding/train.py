"""Training: pairs in, a sentence-transformers model out."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.base.sampler import DefaultBatchSampler
from sentence_transformers.sentence_transformer.losses import MatryoshkaLoss, MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer

_LEAST = 128  # rows of a batch: fewer give too few negatives to learn from


# How often a kind of rows is seen in an epoch; sentences once. Word pairs outnumber sentences, and questions, which
# bring texts near that are about the same but do not say the same, cost translation when they weigh more.
WEIGHTS = {
    "leaflets": 1.5,
    "words": 0.4,
    "asked": 0.3,
    "near": 0.15,
    "health": 0.3,
    "reading": 1.0,
    "twins": 0.3,
    "forms": 1.0,
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an ablation varies."""

    pieces: int = 32_000  # of the unigram tokenizer, before whole words are added
    words: int = 24_000  # whole words a language
    dimensions: int = 384
    kept: int = 352  # of them in the package: as many as fit 30 MB
    matryoshka: tuple[int, ...] = (384, 128)
    scale: float = 20.0
    batch: int = 2_048
    epochs: int = 3
    rate: float = 0.02
    sampling: float = 0.0  # smoothing of subword sampling while training; 0: always the best segmentation
    hardness: float = 0.0
    weights: dict[str, float] = field(default_factory=lambda: dict(WEIGHTS))  # by the first word of a group's name
    seed: int = 1


@dataclass(slots=True)
class Group:
    """Rows that are batched together: one kind, one pair of languages."""

    name: str
    anchors: list[str]
    positives: list[str]
    together: int = 1  # rows that follow each other and share a batch: 2 for a pair and its twin

    def __len__(self) -> int:
        return len(self.anchors)


class GroupedBatchSampler(DefaultBatchSampler):
    """Batches of one group each, in random order, no text twice in a batch."""

    def __init__(self, dataset: Dataset, batch_size: int, groups: list[Group], recipe: Recipe) -> None:
        super().__init__(dataset, batch_size=batch_size, drop_last=False)
        self.groups, self.recipe, self.size = groups, recipe, batch_size
        ids: dict[str, int] = {}
        self.texts = [
            [
                (ids.setdefault(a, len(ids)), ids.setdefault(b, len(ids)))
                for a, b in zip(g.anchors, g.positives, strict=True)
            ]
            for g in groups
        ]
        self.starts = np.cumsum([0] + [len(group) for group in groups])
        self.epoch = 0
        self._batches = self._draw(random.Random(recipe.seed))

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[list[int]]:
        batches = self._draw(random.Random(self.recipe.seed * 1_000 + self.epoch))
        self.epoch += 1
        count = len(self._batches)  # the schedule counts on as many as at first
        while len(batches) < count:
            batches.append(batches[len(batches) // 2])
        yield from batches[:count]

    def _draw(self, chance: random.Random) -> list[list[int]]:
        batches: list[list[int]] = []
        for at, group in enumerate(self.groups):
            weight = self.recipe.weights.get(group.name.split()[0], 1.0)
            rows: list[int] = []
            while len(rows) < int(weight * len(group)):
                blocks = list(range(0, len(group), group.together))
                chance.shuffle(blocks)
                rows += [row for start in blocks for row in range(start, min(start + group.together, len(group)))]
            batches += self._packed(at, rows[: int(weight * len(group))])
        chance.shuffle(batches)
        return batches

    def _packed(self, at: int, rows: list[int]) -> list[list[int]]:
        texts, start = self.texts[at], int(self.starts[at])
        done: list[list[int]] = []
        while rows:
            batch: list[int] = []
            used: set[int] = set()
            later: list[int] = []
            for place, row in enumerate(rows):
                first, second = texts[row]
                if first in used or second in used:
                    later.append(row)
                    continue
                used.update((first, second))
                batch.append(start + row)
                if len(batch) == self.size:
                    later += rows[place + 1 :]
                    break
            if len(batch) < min(_LEAST, self.size):
                break
            done.append(batch)
            rows = later
        return done


def train(groups: list[Group], tokenizer: Tokenizer, recipe: Recipe, folder: str) -> SentenceTransformer:
    """Train a static embedding from scratch."""
    random.seed(recipe.seed)
    torch.manual_seed(recipe.seed)
    module = StaticEmbedding(tokenizer, embedding_dim=recipe.dimensions)
    with torch.no_grad():
        module.embedding.weight.mul_(0.1)
    module.tokenizer.model.alpha = recipe.sampling or None
    model = SentenceTransformer(modules=[module], device="cuda" if torch.cuda.is_available() else "cpu")
    loss: Any = MultipleNegativesRankingLoss(
        model,
        scale=recipe.scale,
        directions=("query_to_doc", "doc_to_query"),
        partition_mode="per_direction",
        hardness_mode="in_batch_negatives" if recipe.hardness else None,
        hardness_strength=recipe.hardness,
    )
    if recipe.matryoshka:
        loss = MatryoshkaLoss(model, loss, matryoshka_dims=list(recipe.matryoshka))
    dataset = Dataset.from_dict(
        {
            "anchor": [text for group in groups for text in group.anchors],
            "positive": [text for group in groups for text in group.positives],
        }
    )

    def sampler(rows: Dataset, batch_size: int, **_: Any) -> GroupedBatchSampler:
        return GroupedBatchSampler(rows, batch_size, groups, recipe)

    arguments = SentenceTransformerTrainingArguments(
        output_dir=folder,
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=recipe.batch,
        learning_rate=recipe.rate,
        lr_scheduler_type="linear",
        weight_decay=0.0,
        max_grad_norm=0.0,
        optim="adamw_torch",
        batch_sampler=sampler,
        seed=recipe.seed,
        save_strategy="no",
        logging_steps=100,
        report_to=[],
        disable_tqdm=True,
    )
    SentenceTransformerTrainer(model=model, args=arguments, train_dataset=dataset, loss=loss).train()
    module.tokenizer.model.alpha = None
    return model
