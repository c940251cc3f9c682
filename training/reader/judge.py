"""The recipe of the cross-encoder: of the sentences beside a question, the one that answers it, or that none does."""

import random
import time
from collections.abc import Sequence
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy

from assistant.answering.cross_encoder import paired
from training.reader.drawn import Drawn
from training.reader.material import Worded
from training.reader.padded import in_batches

BATCH = 16  # questions
WRONG = 5  # wrong sentences beside each
WARM_UP, LEAST_RATE, HEAD = 60, 0.02, 8.0  # steps, of the rate, times the rate
# The share of each source at the start and at the end: what is written for us comes last.
SHARES = {
    "reading": (0.45, 0.15), "health": (0.08, 0.03), "templates": (0.12, 0.05), "own": (0.20, 0.47),
    "hurried": (0.15, 0.30),
}  # fmt: skip


class Judge(torch.nn.Module):
    """An encoder, and two layers over the mean of its pieces: pieces of pairs in, logits out."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        size = model.config.hidden_size
        self.model = model
        self.head = torch.nn.Sequential(torch.nn.Linear(size, size), torch.nn.Tanh(), torch.nn.Linear(size, 1))

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        hidden = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weight = attention_mask.unsqueeze(-1).float()
        return self.head((hidden.float() * weight).sum(1) / weight.sum(1)).squeeze(-1)


def train(
    judge: Judge, tokenizer: Tokenizer, groups: Sequence[Worded], *, rate: float, seconds: float, seed: int
) -> None:
    """`seconds` of the groups that have a wrong sentence, drawn by SHARES, the shares moving as the time goes.

    A softmax over one right sentence, WRONG wrong ones and "nothing answers", whose logit is nought (the null answer
    of Rajpurkar et al., "Know what you don't know", 2018): so a logit says something by itself. In bfloat16 where the
    processor has it. The rate falls to nearly nothing.
    """
    chance = random.Random(seed)
    torch.manual_seed(seed)
    drawn = Drawn(groups, SHARES, BATCH, chance)
    learnt = [parameter for parameter in judge.model.parameters() if parameter.requires_grad]
    parts = [{"params": learnt, "faster": 1.0}, {"params": list(judge.head.parameters()), "faster": HEAD}]
    optimizer = torch.optim.AdamW(parts, lr=rate, weight_decay=0.01)
    judge.train()
    started, step = time.monotonic(), 0
    while (done := (time.monotonic() - started) / seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = group["faster"] * rate * min(1.0, step / WARM_UP) * max(LEAST_RATE, 1 - done)
        loss = _loss(judge, tokenizer, [_beside(group, chance) for group in drawn.batch(done)])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
        optimizer.step()
        if step % 25 == 0:
            print(f"{done:.0%}, step {step}: loss {loss.item():.3f}", flush=True)
        step += 1


def _beside(group: Worded, chance: random.Random) -> tuple[str, list[str], bool]:
    """A question, and its sentences, a right one first where there is one."""
    said = list(zip(group.texts, group.right, strict=True))
    right = [text for text, answers in said if answers]
    wrong = _some([text for text, answers in said if not answers], group.source in ("own", "hurried"), chance)
    return group.question, [*([chance.choice(right)] if right else []), *wrong], bool(right)


def _some(wrong: list[str], likeliest_first: bool, chance: random.Random) -> list[str]:
    """WRONG of them; those that search finds likeliest more often than others."""
    if not likeliest_first or len(wrong) <= WRONG:
        return chance.sample(wrong, min(WRONG, len(wrong)))
    often = [1 / (1 + place / 3) for place in range(len(wrong))]
    chosen: set[int] = set()
    while len(chosen) < WRONG:
        chosen.update(chance.choices(range(len(wrong)), often))
    return [wrong[place] for place in chosen]


def _loss(judge: Judge, tokenizer: Tokenizer, batch: Sequence[tuple[str, list[str], bool]]) -> Any:
    logits = scores(judge, tokenizer, [(question, text) for question, texts, _ in batch for text in texts])
    losses, start = [], 0
    for _, texts, answered in batch:
        beside = torch.cat([logits[start : start + len(texts)], torch.zeros(1)])
        losses.append(cross_entropy(beside[None], torch.tensor([0 if answered else len(texts)])))
        start += len(texts)
    return torch.stack(losses).mean()


def scores(judge: Judge, tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]) -> Any:
    """A logit a pair: (len(pairs),) float32."""

    def read(ids: Any, present: Any) -> Any:
        with torch.autocast("cpu", torch.bfloat16):
            return judge(ids, present).float()

    return in_batches([paired(tokenizer.encode(one).ids, tokenizer.encode(other).ids) for one, other in pairs], read)
