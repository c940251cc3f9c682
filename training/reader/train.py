"""The recipe: every sentence judged for itself, and the right one ahead of the others."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from training.reader.material import Group

LONGEST = 88  # pieces of a question and a sentence together, as in the assistant
BATCH = 48  # sentences
FROZEN = 1  # layers that keep what they know, and the embeddings with them
RIGHT_WEIGHS = 2.0  # a right sentence against a wrong one: there are several wrong ones to each
WARM_UP, LEAST_RATE = 0.06, 0.02


def base(folder: str) -> tuple[Any, Any]:
    """A sentence model's weights with a new head of one logit, and its tokenizer."""
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=1, attn_implementation="eager")
    for part in (model.bert.embeddings, *model.bert.encoder.layer[:FROZEN]):
        for parameter in part.parameters():
            parameter.requires_grad = False
    return model, AutoTokenizer.from_pretrained(folder)


def train(model: Any, tokenizer: Any, groups: Sequence[Group], *, rate: float, seed: int) -> None:
    """One pass over the groups, in mixed precision, the rate falling to nearly nothing."""
    chance = random.Random(seed)
    torch.manual_seed(seed)
    batches = list(_batches(groups, chance))
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=rate, weight_decay=0.01)
    model.train()
    for step, batch in enumerate(batches):
        for group in optimizer.param_groups:
            warm = min(1.0, step / (WARM_UP * len(batches) + 1))
            group["lr"] = rate * warm * max(LEAST_RATE, 1 - step / len(batches))
        loss = _loss(model, tokenizer, batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 50 == 0:
            print(f"{step} of {len(batches)}: loss {loss.item():.3f}", flush=True)


def _loss(model: Any, tokenizer: Any, batch: Sequence[Group]) -> Any:
    questions = [group.question for group in batch for _ in group.texts]
    texts = [text for group in batch for text in group.texts]
    right = torch.tensor([is_right for group in batch for is_right in group.right])
    encoded = tokenizer(
        questions, texts, truncation="longest_first", max_length=LONGEST, padding=True, return_tensors="pt"
    )
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(**encoded).logits[:, 0].float()
    loss = binary_cross_entropy_with_logits(logits, right.float(), pos_weight=torch.tensor(RIGHT_WEIGHS))
    behind = []
    start = 0
    for group in batch:
        own, ones = logits[start : start + len(group.texts)], right[start : start + len(group.texts)]
        start += len(group.texts)
        if ones.any():
            behind.append(torch.logsumexp(own, 0) - torch.logsumexp(own[ones], 0))
    return loss + torch.stack(behind).mean() if behind else loss


def _batches(groups: Sequence[Group], chance: random.Random) -> Iterator[list[Group]]:
    """Groups of like length together, so that little is padded; batches in no order."""
    mixed = list(groups)
    chance.shuffle(mixed)
    for window in range(0, len(mixed), 512):
        alike = sorted(mixed[window : window + 512], key=lambda g: sum(map(len, g.texts)) / len(g.texts))
        made: list[list[Group]] = [[]]
        for group in alike:
            if sum(len(one.texts) for one in made[-1]) >= BATCH:
                made.append([])
            made[-1].append(group)
        chance.shuffle(made)
        yield from made


def cut(group: Group, chance: random.Random, most: int) -> Group:
    """A large group made small: two right sentences, the four likeliest wrong ones, and some others."""
    right = [at for at, is_right in enumerate(group.right) if is_right][:2]
    wrong = [at for at, is_right in enumerate(group.right) if not is_right]
    kept = [*right, *wrong[:4], *chance.sample(wrong[4:], min(max(0, most - 4), len(wrong[4:])))]
    return replace(group, texts=tuple(group.texts[at] for at in kept), right=tuple(group.right[at] for at in kept))
