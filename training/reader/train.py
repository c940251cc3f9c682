"""The recipe: a question beside its answer, ahead of hard wrong sentences and of other questions' answers."""

import random
import time
from collections.abc import Sequence
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy, normalize, pad

from training.reader.drawn import Drawn
from training.reader.material import Worded
from training.reader.padded import in_batches

QUESTION, TEXT = 42, 100  # pieces of a question, and of a sentence
BATCH = 32  # questions
HARD = 6  # of the likeliest wrong sentences one is drawn
SCALE = 30.0  # nearness to logits
MEETING = 64  # dimensions of a piece
NOTHING = 0.75  # the nearness that an answer must reach to be one, to start with; learnt along
WARM_UP, LEAST_RATE, HEAD = 40, 0.02, 8.0  # steps, of the rate, times the rate
# The share of each source at the start and at the end: what is written for us comes last.
SHARES = {
    "reading": (0.40, 0.10), "health": (0.08, 0.03), "templates": (0.12, 0.05), "own": (0.24, 0.52),
    "hurried": (0.16, 0.30),
}  # fmt: skip


class Encodes(torch.nn.Module):
    """A model that reads a text: a vector of the whole, and a shorter one of each piece; all of unit length."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        self.meeting = torch.nn.Linear(model.config.hidden_size, MEETING, bias=False)
        torch.nn.init.orthogonal_(self.meeting.weight)  # what is alike before stays so

    def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any]:
        """(texts, pieces) twice to (texts, dimensions) and (texts, pieces, MEETING), nought where no piece is."""
        hidden = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.float()
        present = attention_mask.unsqueeze(-1).float()
        whole = normalize((hidden * present).sum(1) / present.sum(1), dim=1)
        return whole, normalize(self.meeting(hidden), dim=2) * present


def train(
    model: Encodes, tokenizer: Tokenizer, groups: Sequence[Worded], *, rate: float, seconds: float, seed: int
) -> None:
    """`seconds` of the groups that have a wrong sentence, drawn by SHARES, the shares moving as the time goes.

    In-batch negatives with one hard one each, after Henderson et al., "Efficient natural language response suggestion"
    (2017). Where nothing answers, the answer is "nothing", which stands beside the sentences at a learnt nearness: so
    it says something by itself (the null answer of Rajpurkar et al., "Know what you don't know", 2018). The
    rate falls to nearly nothing. In bfloat16 where the processor has it.
    """
    chance = random.Random(seed)
    torch.manual_seed(seed)
    drawn = Drawn(groups, SHARES, BATCH, chance)
    nothing = torch.nn.Parameter(torch.tensor(NOTHING))
    learnt = [parameter for parameter in model.model.parameters() if parameter.requires_grad]
    shares = [
        {"params": learnt, "faster": 1.0},
        {"params": list(model.meeting.parameters()), "faster": HEAD},
        {"params": [nothing], "faster": 30.0, "weight_decay": 0.0},
    ]
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


def _loss(model: Encodes, tokenizer: Tokenizer, nothing: Any, batch: Sequence[Worded], chance: random.Random) -> Any:
    right, wrong, target = [], [], []
    for group in batch:
        pairs = list(zip(group.texts, group.right, strict=True))
        answers = [text for text, is_right in pairs if is_right]
        target.append(len(right) if answers else -1)
        right += [chance.choice(answers)] if answers else []
        others = [text for text, is_right in pairs if not is_right]
        wrong.append(chance.choice(others[:HARD] if group.source in ("own", "hurried") else others))
    questions = read(model, tokenizer, [group.question for group in batch], QUESTION)
    texts = [*right, *wrong]
    near = nearness(questions, read(model, tokenizer, texts, TEXT))
    logits = torch.cat([near * SCALE + _excused(batch, texts, target), (nothing * SCALE).expand(len(batch), 1)], 1)
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


def read(encodes: Encodes, tokenizer: Tokenizer, texts: Sequence[str], longest: int) -> tuple[Any, Any]:
    """What it makes of texts: (texts, dimensions), and (texts, longest, MEETING), nought where no piece is."""

    def one_batch(ids: Any, present: Any) -> Any:
        with torch.autocast("cpu", torch.bfloat16):
            whole, pieces = encodes(ids, present)
        # The marks of start and end meet nothing.
        ends = present.sum(1) - 1
        inner = torch.ones_like(present)
        inner[:, 0] = 0
        inner[torch.arange(len(ids)), ends] = 0
        pieces = pad(pieces * inner.unsqueeze(-1), (0, 0, 0, longest - pieces.shape[1]))
        return torch.cat([whole.float(), pieces.float().flatten(1)], dim=1)

    tokenizer.enable_truncation(longest)
    found = in_batches([encoded.ids for encoded in tokenizer.encode_batch(list(texts))], one_batch)
    size = encodes.model.config.hidden_size
    return found[:, :size], found[:, size:].reshape(len(texts), longest, MEETING)


def nearness(asked: tuple[Any, Any], said: tuple[Any, Any]) -> Any:
    """How near each text is to each question: (questions, texts), -1 to 1.

    The mean of the cosine of the whole, and of how near, on average, each piece of the question meets a piece of the
    text (the late interaction of Khattab and Zaharia, "ColBERT", 2020).
    """
    count = (asked[1].abs().sum(2) > 0).sum(1).clamp(min=1)
    met = torch.einsum("qid,tjd->qtij", asked[1], said[1]).amax(3).sum(2) / count[:, None]
    return (asked[0] @ said[0].T + met) / 2
