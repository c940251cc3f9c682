"""The recipe: a question beside its answer, ahead of hard wrong sentences and of other questions' answers."""

import random
import time
from collections.abc import Sequence
from typing import Any

import torch
from torch.nn.functional import cross_entropy, normalize

from training.reader.material import Group

QUESTION, TEXT = 40, 72  # pieces of a question, and of a sentence as in the assistant
BATCH = 24  # questions
HARD = 6  # of the likeliest wrong sentences one is drawn
SCALE = 25.0  # cosines to logits
WARM_UP, LEAST_RATE = 20, 0.02


def base(folder: str) -> tuple[Any, Any]:
    """A sentence model's encoder, its embeddings frozen, and its tokenizer."""
    from transformers import AutoModel, AutoTokenizer

    model = AutoModel.from_pretrained(folder, attn_implementation="eager")
    for parameter in model.embeddings.parameters():
        parameter.requires_grad = False
    return model, AutoTokenizer.from_pretrained(folder)


def train(model: Any, tokenizer: Any, groups: Sequence[Group], *, rate: float, seconds: float, seed: int) -> None:
    """One pass over the groups that have a right and a wrong sentence, or as much of it as `seconds` allow.

    In-batch negatives with one hard one each, after Henderson et al., "Efficient natural language response suggestion"
    (2017); mixed precision where the processor has it; the rate falls to nearly nothing.
    """
    chance = random.Random(seed)
    torch.manual_seed(seed)
    usable = [group for group in groups if any(group.right) and not all(group.right)]
    chance.shuffle(usable)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=rate, weight_decay=0.01)
    model.train()
    started = time.monotonic()
    steps = len(usable) // BATCH
    for step in range(steps):
        done = max(step / steps, (time.monotonic() - started) / seconds)
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, step / WARM_UP) * max(LEAST_RATE, 1 - done)
        loss = _loss(model, tokenizer, usable[step * BATCH : (step + 1) * BATCH], chance)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 50 == 0:
            print(f"{step} of {steps}: loss {loss.item():.3f}", flush=True)


def _loss(model: Any, tokenizer: Any, batch: Sequence[Group], chance: random.Random) -> Any:
    right, wrong = [], []
    for group in batch:
        pairs = list(zip(group.texts, group.right, strict=True))
        right.append(chance.choice([text for text, answers in pairs if answers]))
        wrong.append(chance.choice([text for text, answers in pairs if not answers][:HARD]))
    questions = _vectors(model, tokenizer, [group.question for group in batch], QUESTION)
    texts = _vectors(model, tokenizer, right + wrong, TEXT)
    return cross_entropy(questions @ texts.T * SCALE, torch.arange(len(batch)))


def _vectors(model: Any, tokenizer: Any, texts: list[str], longest: int) -> Any:
    encoded = tokenizer(texts, truncation=True, max_length=longest, padding=True, return_tensors="pt")
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=torch.cpu._is_avx512_bf16_supported()):
        hidden = model(**encoded).last_hidden_state.float()
    present = encoded["attention_mask"].unsqueeze(-1).float()
    return normalize((hidden * present).sum(1) / present.sum(1), dim=1)
