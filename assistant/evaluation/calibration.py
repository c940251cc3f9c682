"""Is the confidence a probability? What was claimed, beside how often it came true."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.metrics import Outcome

BINS = 10
_Z = 1.959964  # standard deviations on either side that hold 95 %

Claim = tuple[float, bool]  # a probability, 0 to 1, and whether it came true


@dataclass(frozen=True, slots=True)
class Bin:
    """Claims of about the same probability."""

    least: float  # the lowest and the highest of its probabilities
    most: float
    mean: float
    came_true: int
    count: int  # at least 1

    @property
    def share(self) -> float:
        return self.came_true / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies with 95 % confidence."""
        return wilson(self.came_true, self.count)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far to trust a probability; the figures of no claims at all are None."""

    claims: tuple[Claim, ...]

    @property
    def bins(self) -> tuple[Bin, ...]:
        return bins(self.claims)

    @property
    def brier(self) -> float | None:
        """Mean squared distance of a claim from what came true (0 or 1): 0 is best; 0.25 is saying 0.5 always.

        Source: Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78, 1950;
        in the form for two outcomes, half of the original.
        """
        if not self.claims:
            return None
        return math.fsum((probability - came_true) ** 2 for probability, came_true in self.claims) / len(self.claims)

    @property
    def error(self) -> float | None:
        """Expected calibration error: how far the claims of a bin lie from what came true, by its count; 0 is best.

        Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML 2017; with bins of
        equal mass, since confidences crowd near 1.
        """
        if not self.claims:
            return None
        return math.fsum(b.count * abs(b.share - b.mean) for b in self.bins) / len(self.claims)


def of_answers(outcomes: Sequence[Outcome]) -> Calibration:
    """The claim that an answer is right, for every answer given; one to a question without answer is wrong."""
    return Calibration(tuple((o.answer.confidence, o.right) for o in outcomes if not o.answer.abstained))


def of_decisions(outcomes: Sequence[Outcome]) -> Calibration:
    """The claim that a question can be answered, for every question, answered or not.

    Left out are abstentions that cite something: they report a blank, and are as confident as that report.
    """
    return Calibration(
        tuple(
            (o.answer.confidence, not o.question.abstain)
            for o in outcomes
            if not (o.answer.abstained and o.answer.citations)
        )
    )


def bins(claims: Sequence[Claim], most: int = BINS) -> tuple[Bin, ...]:
    """Claims in bins of about equal count, lowest first; equal probabilities share a bin, and no bin is empty.

    Args:
        most: how many bins at most, at least 1. Edges lie at the quantiles, as with scikit-learn's
            `calibration_curve(strategy="quantile")`.
    """
    import numpy as np

    if not claims:
        return ()
    probabilities = np.array([probability for probability, _ in claims])
    edges = np.quantile(probabilities, np.linspace(0, 1, most + 1))[1:-1]
    members: dict[int, list[Claim]] = {}
    for claim, number in zip(claims, np.searchsorted(edges, probabilities).tolist(), strict=True):
        members.setdefault(number, []).append(claim)
    return tuple(_bin(members[number]) for number in sorted(members))


def _bin(claims: Sequence[Claim]) -> Bin:
    probabilities = [probability for probability, _ in claims]
    return Bin(
        least=min(probabilities),
        most=max(probabilities),
        mean=math.fsum(probabilities) / len(claims),
        came_true=sum(came_true for _, came_true in claims),
        count=len(claims),
    )


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % score interval of a share, within 0 to 1; of a share of nothing, all of it.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
    """
    if not whole:
        return 0.0, 1.0
    share, z2 = part / whole, _Z**2
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    half = _Z * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Operating:
    """Answering only at this confidence or above."""

    least: float
    coverage: float  # answers given, of all questions: above 0, at most 1
    risk: float  # of these, the share that is wrong


def risk_coverage(outcomes: Sequence[Outcome]) -> tuple[Operating, ...]:
    """What answering less would spare: one point per confidence at which an answer was given, the most confident first.

    Questions abstained from are never covered, so the last point is how the assistant ran.

    Source: El-Yaniv and Wiener, "On the Foundations of Noise-free Selective Classification", JMLR 11, 2010.
    """
    given = sorted(of_answers(outcomes).claims, key=lambda claim: -claim[0])
    points = []
    wrong = 0
    for number, (confidence, right) in enumerate(given, 1):
        wrong += not right
        if number == len(given) or given[number][0] < confidence:  # equal confidences come and go together
            points.append(Operating(confidence, number / len(outcomes), wrong / number))
    return tuple(points)
