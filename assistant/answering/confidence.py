"""How probably an answer is right, told from its best sentence and from what else was found.

A logistic regression, learnt on questions with known answers, and on ones that no document answers
(`training/evidence`); its value is then calibrated (Platt, "Probabilistic outputs for support vector machines", 1999).
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from assistant.answering.evidence import Evidence
from assistant.answering.features import FEATURES, Rarity
from assistant.answering.jurisdiction import countries
from assistant.answering.question import Question
from assistant.answering.weights import CONFIDENCE, learnt
from assistant.retrieval.lexical import tokens

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]

_FAR = 5.0  # logits: further behind is not told apart
_NEXT, _FEW = 2, 4  # places behind the best
_SEVERAL, _SAID = 2, 0.7  # terms that a question must have, and how surely a sentence must have each, to say it all
# How sure it is then at least: of 60 such sentences 0.8 were right, of 17 that the regression thought less of, 8.
_SURE = 0.5
_SPREAD = 2  # places behind the nearest
KINDS: Final = ("quantity", "interval", "date", "price", "list", "yes_no", "definition", "reason", "fact")


def confidence(question: Question, best: Evidence, ranked: Sequence[Evidence], rarity: Rarity) -> float:
    """How probably the answer made of `best` is right: 0 to 1."""
    value = float(learnt().confidence.logits(row(question, best, ranked, rarity))[0])
    sure = 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
    return max(sure, _SURE) if _says_all(question, best) else sure


def row(question: Question, best: Evidence, ranked: Sequence[Evidence], rarity: Rarity) -> "Matrix":
    """The measures that tell a right answer from a wrong one: (1, len(CONFIDENCE))."""
    import numpy as np

    said = dict(zip(FEATURES, best.measures if best.measures is not None else [0.0] * len(FEATURES), strict=True))
    told = {
        **_ahead(best, ranked),
        **_read(best, ranked),
        **_lacking(question, best, ranked, rarity),
        **{f"wants_{kind}": float(question.wanted == kind) for kind in KINDS},
        "asks_for_name": float(any(term.is_name for term in question.terms)),
    }
    return np.array([[told[name] if name in told else said[name] for name in CONFIDENCE]])


def _says_all(question: Question, best: Evidence) -> bool:
    """Whether a sentence itself has all that is asked, a figure of the kind wanted included, and of no other group."""
    measures = dict(zip(FEATURES, best.measures, strict=True)) if best.measures is not None else {}
    own = [place for place, term in enumerate(question.terms) if term.share == 1 and not term.generic]
    kinds = question.kinds | ({"percent"} if "people" in question.kinds else frozenset())
    has_figure = not kinds or any(figure.kind in kinds for figure in best.figures)
    # A name and a country may be told by what the document is about, and by where it applies.
    lands = {word for _, written in countries(question.text, question.language) for word in tokens(written)}
    return (
        len(own) >= _SEVERAL
        and not (best.is_blank or measures.get("sets_apart", 0.0))
        and has_figure
        and all(
            best.own[place] >= _SAID
            or ((question.terms[place].is_name or question.terms[place].word in lands) and best.matches[place] >= _SAID)
            for place in own
        )
    )


def _ahead(best: Evidence, ranked: Sequence[Evidence]) -> dict[str, float]:
    """How far the best is ahead of the others, and whether those stand near it."""
    passage = best.candidate.passage
    others = [e for e in ranked if e.key != best.key]
    own = [e.logit for e in others if e.candidate.language == best.candidate.language]
    first = [e.candidate.passage for e in ranked[:5]]
    return {
        "logit": best.logit,
        "behind_next": _difference(best.logit, max(own, default=-_FAR)),
        "behind_third": _difference(best.logit, others[_NEXT - 1].logit if len(others) >= _NEXT else -_FAR),
        "behind_fifth": _difference(best.logit, others[_FEW - 1].logit if len(others) >= _FEW else -_FAR),
        "mass": math.log1p(sum(e.score / (1 - e.score) for e in ranked)),
        "same_document": float(sum(p.document_id == passage.document_id for p in first)),
        "same_section": float(sum(p.section == passage.section for p in first)),
    }


def _difference(one: float, other: float) -> float:
    return max(-_FAR, min(_FAR, one - other))


def _read(best: Evidence, ranked: Sequence[Evidence]) -> dict[str, float]:
    near = sorted((e.nearness for e in ranked), reverse=True)
    surest = max(e.judged for e in ranked)
    return {
        "near": best.nearness,
        "near_behind": best.nearness - near[0],
        "nearest": near[0],
        "near_spread": near[0] - near[min(_SPREAD, len(near) - 1)],
        "judged": best.judged,
        "judged_behind": best.judged - surest,
        "surest": surest,
        "judged_ahead": best.judged - max((e.judged for e in ranked if e.key != best.key), default=best.judged),
    }


def _lacking(question: Question, best: Evidence, ranked: Sequence[Evidence], rarity: Rarity) -> dict[str, float]:
    """What of the question no sentence has, and what is unknown to all documents; as shares of its weight."""
    weights = [rarity(term) * term.share for term in question.terms]
    total = sum(weights) or 1.0
    anywhere = [max(column) for column in zip(*(e.matches for e in ranked), strict=True)]
    lacks = [weight / total * (1 - match) for weight, match in zip(weights, anywhere, strict=True)]
    unknown = sum(
        weight
        for weight, term, match in zip(weights, question.terms, best.matches, strict=True)
        if rarity.is_unknown(term) and match < 0.5
    )
    return {"lacks_anywhere": sum(lacks), "lacks_most_anywhere": max(lacks, default=0.0), "unknown": unknown / total}
