"""The recipe: a question beside its answer, ahead of hard wrong sentences and of other questions' answers."""

import random
import time
from collections.abc import Sequence
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy, normalize

from training.reader.drawn import Drawn
from training.reader.material import Worded
from training.reader.padded import in_batches

QUESTION, TEXT = 42, 66  # pieces of a question, and of a sentence
BATCH = 32  # questions
HARD = 6  # of the likeliest wrong sentences one is drawn
SCALE = 30.0  # cosines to logits
NOTHING = 0.75  # the cosine that an answer must reach to be one, to start with; learnt along
WARM_UP, LEAST_RATE = 40, 0.02
# The share of each source at the start and at the end: what is written for us comes last.
SHARES = {
    "reading": (0.55, 0.20), "health": (0.10, 0.05), "templates": (0.15, 0.07), "own": (0.12, 0.42),
    "hurried": (0.08, 0.26),
}  # fmt: skip


def train(
    model: Any, tokenizer: Tokenizer, groups: Sequence[Worded], *, rate: float, seconds: float, seed: int
) -> None:
    """`seconds` of the groups that have a wrong sentence, drawn by SHARES, the shares moving as the time goes.

    In-batch negatives with one hard one each, after Henderson et al., "Efficient natural language response suggestion"
    (2017). Where nothing answers, the answer is "nothing", which stands beside the sentences at a learnt cosine: so
    a nearness says something by itself (the null answer of Rajpurkar et al., "Know what you don't know", 2018). The
    rate falls to nearly nothing.
    """
    chance = random.Random(seed)
    torch.manual_seed(seed)
    drawn = Drawn(groups, SHARES, BATCH, chance)
    nothing = torch.nn.Parameter(torch.tensor(NOTHING))
    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]
    shares = [{"params": learnt, "faster": 1.0}, {"params": [nothing], "faster": 30.0, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(shares, lr=rate, weight_decay=0.01)
    model.train()
    started, step = time.monotonic(), 0
    while (done := (time.monotonic() - started) / seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = group["faster"] * rate * min(1.0, step / WARM_UP) * max(LEAST_RATE, 1 - done)
        loss = _loss(model, tokenizer, nothing, drawn.batch(done), chance)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 25 == 0:
            print(f"{done:.0%}, step {step}: loss {loss.item():.3f}, nothing at {nothing.item():.3f}", flush=True)
        step += 1


def _loss(model: Any, tokenizer: Tokenizer, nothing: Any, batch: Sequence[Worded], chance: random.Random) -> Any:
    right, wrong, target = [], [], []
    for group in batch:
        pairs = list(zip(group.texts, group.right, strict=True))
        answers = [text for text, is_right in pairs if is_right]
        target.append(len(right) if answers else -1)
        right += [chance.choice(answers)] if answers else []
        others = [text for text, is_right in pairs if not is_right]
        wrong.append(chance.choice(others[:HARD] if group.source in ("own", "hurried") else others))
    questions = vectors(model, tokenizer, [group.question for group in batch], QUESTION)
    texts = [*right, *wrong]
    cosines = questions @ vectors(model, tokenizer, texts, TEXT).T
    logits = torch.cat([cosines * SCALE + _excused(batch, texts, target), (nothing * SCALE).expand(len(batch), 1)], 1)
    wanted = torch.tensor([at if at >= 0 else logits.shape[1] - 1 for at in target])
    return cross_entropy(logits, wanted)


def _excused(batch: Sequence[Worded], texts: Sequence[str], target: Sequence[int]) -> Any:
    """Another question's answer that answers this one too is no wrong sentence."""
    found = torch.zeros(len(batch), len(texts))
    for row, group in enumerate(batch):
        answers = {text for text, is_right in zip(group.texts, group.right, strict=True) if is_right}
        for at, text in enumerate(texts):
            if at != target[row] and text in answers:
                found[row, at] = -1e4
    return found


def vectors(model: Any, tokenizer: Tokenizer, texts: Sequence[str], longest: int) -> Any:
    """One row of unit length a text: the mean of its pieces."""

    def read(ids: Any, present: Any) -> Any:
        hidden = model(input_ids=ids, attention_mask=present).last_hidden_state
        weight = present.unsqueeze(-1).float()
        return normalize((hidden * weight).sum(1) / weight.sum(1), dim=1)

    tokenizer.enable_truncation(longest)
    return in_batches([encoded.ids for encoded in tokenizer.encode_batch(list(texts))], read)
