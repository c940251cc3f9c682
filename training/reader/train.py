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
NOTHING = 0.5  # the cosine that an answer must reach to be one, to start with; learnt along
WARM_UP, LEAST_RATE = 20, 0.02


def base(folder: str) -> tuple[Any, Any]:
    """A sentence model's encoder, its embeddings frozen, and its tokenizer."""
    from transformers import AutoModel, AutoTokenizer

    model = AutoModel.from_pretrained(folder, attn_implementation="eager")
    for parameter in model.embeddings.parameters():
        parameter.requires_grad = False
    return model, AutoTokenizer.from_pretrained(folder)


def train(model: Any, tokenizer: Any, groups: Sequence[Group], *, rate: float, seconds: float, seed: int) -> None:
    """One pass over the groups that have a wrong sentence, or as much of it as `seconds` allow.

    In-batch negatives with one hard one each, after Henderson et al., "Efficient natural language response suggestion"
    (2017). Where nothing answers, the answer is "nothing", which stands beside the sentences at a learnt cosine: so
    a nearness says something by itself (the null answer of Rajpurkar et al., "Know what you don't know", 2018). Mixed
    precision where the processor has it; the rate falls to nearly nothing.
    """
    chance = random.Random(seed)
    torch.manual_seed(seed)
    usable = [group for group in groups if not all(group.right)]
    chance.shuffle(usable)
    nothing = torch.nn.Parameter(torch.tensor(NOTHING))
    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]
    shares = [{"params": learnt, "faster": 1.0}, {"params": [nothing], "faster": 50.0, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(shares, lr=rate, weight_decay=0.01)
    model.train()
    started = time.monotonic()
    steps = len(usable) // BATCH
    for step in range(steps):
        done = max(step / steps, (time.monotonic() - started) / seconds)
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = group["faster"] * rate * min(1.0, step / WARM_UP) * max(LEAST_RATE, 1 - done)
        loss = _loss(model, tokenizer, nothing, usable[step * BATCH : (step + 1) * BATCH], chance)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 50 == 0:
            print(f"{step} of {steps}: loss {loss.item():.3f}, nothing at {nothing.item():.3f}", flush=True)


def _loss(model: Any, tokenizer: Any, nothing: Any, batch: Sequence[Group], chance: random.Random) -> Any:
    right, wrong, target = [], [], []
    for group in batch:
        pairs = list(zip(group.texts, group.right, strict=True))
        answers = [text for text, is_right in pairs if is_right]
        target.append(len(right) if answers else -1)
        right += [chance.choice(answers)] if answers else []
        wrong.append(chance.choice([text for text, is_right in pairs if not is_right][:HARD]))
    questions = _vectors(model, tokenizer, [group.question for group in batch], QUESTION)
    texts = _vectors(model, tokenizer, right + wrong, TEXT)
    cosines = torch.cat([questions @ texts.T, nothing.expand(len(batch), 1)], dim=1)
    wanted = torch.tensor([at if at >= 0 else cosines.shape[1] - 1 for at in target])
    return cross_entropy(cosines * SCALE, wanted)


def _vectors(model: Any, tokenizer: Any, texts: list[str], longest: int) -> Any:
    encoded = tokenizer(texts, truncation=True, max_length=longest, padding=True, return_tensors="pt")
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=torch.cpu._is_avx512_bf16_supported()):
        hidden = model(**encoded).last_hidden_state.float()
    present = encoded["attention_mask"].unsqueeze(-1).float()
    return normalize((hidden * present).sum(1) / present.sum(1), dim=1)
