"""Does each figure, and each name, stand by the thing that the source puts it by?

"5,7 % with A and 5,1 % with B": the source is cut into the share of each figure, and what the statement puts beside a
figure must be in that figure's share, not in another's.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answering.checks.clauses import clauses
from assistant.answering.checks.coverage import content, names, plain_name
from assistant.answering.checks.cues import cue
from assistant.answering.checks.faults import Fault
from assistant.answering.checks.figures import Figure, figures
from assistant.answering.checks.shares import COMMA, Item, Share, items_of, shares_of
from assistant.documents.commonness import RAREST

_RARE = RAREST + 0.4  # the Zipf value up to which a word in small letters may be a name


def pairing_faults(statement: str, language: str, sources: Sequence[tuple[str, str]]) -> Iterator[Fault]:
    """Figures and names of the statement that stand by something else than in the sources.

    Args:
        sources: (text, language) of each cited sentence.
    """
    for figure in figures(statement, language).found:
        if figure.bound != "high" and not _is_paired(figure, statement, language, sources):
            yield Fault("relation", figure.written)
    if _sides(statement, language) and any(_sides(text, spoken) for text, spoken in sources):
        yield from _turned_round(statement, language, sources)
    elif not _figures_decide(statement, language, sources):
        yield from _strange_names(statement, language, sources)
        yield from _swapped_names(statement, language, sources)
        yield from _borrowed(statement, language, sources)


def _is_paired(figure: Figure, statement: str, language: str, sources: Sequence[tuple[str, str]]) -> bool:
    anchors = _anchors(statement, language, figure.group)
    mine = shares_of(statement, language, anchors)[anchors.index((figure.start, figure.end))]
    if len(anchors) == 1:
        mine = _before_contrast(mine)
    given = [pair for text, spoken in sources for pair in _figure_shares(text, spoken, figure.group)]
    own = [share for source, share in given if figure.same_value(source)]
    others = [share for source, share in given if not figure.same_value(source)]
    return not own or not others or any(_fits(mine, share, others, figure) for share in own)


def _fits(mine: Share, own: Share, others: Sequence[Share], figure: Figure) -> bool:
    """Whether what stands by a figure in the statement stands by it in the source, and not by others only."""
    beside = [f for f in mine.figures if f.group != figure.group]
    if any(not _among(f, own) and any(_among(f, other) for other in others) for f in beside):
        return False
    return not _is_told_by(mine, own, others)


def _is_told_by(mine: Share, own: Share, others: Sequence[Share]) -> bool:
    """The statement says what tells others from this one, and nothing that tells this one from them."""
    theirs = any(not own.has(item) and any(o.tells(item) for o in others) for item in mine.items)
    ours = any(own.tells(item) and not any(o.tells(item) for o in others) for item in mine.items)
    return theirs and not ours


def _among(figure: Figure, share: Share) -> bool:
    return any(figure.same_value(other) for other in share.figures)


def _anchors(text: str, language: str, group: tuple[str, str]) -> list[tuple[int, int]]:
    """The places of figures of one group; a range is one."""
    found = figures(text, language).found
    return [(f.start, f.end) for f in found if f.group == group and f.bound != "high"]


def _figure_shares(text: str, language: str, group: tuple[str, str]) -> list[tuple[Figure, Share]]:
    anchors = [f for f in figures(text, language).found if f.group == group and f.bound != "high"]
    return list(zip(anchors, shares_of(text, language, _anchors(text, language, group)), strict=True))


def _before_contrast(share: Share) -> Share:
    """Of a comparison with one figure: the side on which the figure stands."""
    match = cue("contrast", share.language).search(share.text)
    return replace(share, text=share.text[: match.start()]) if match and match.start() >= 3 else share


def _turned_round(statement: str, language: str, sources: Sequence[tuple[str, str]]) -> Iterator[Fault]:
    """ "A is better than B", where the source says "B is better than A"."""
    sides = _sides(statement, language)
    for text, spoken in sources:
        given = _sides(text, spoken)
        if not sides or not given:
            continue
        nearer = _common(sides[1], given[1]) - _common(sides[1], given[0])
        if nearer < 0:
            continue
        named = all(names(side.text, language) for side in sides)
        straight = _common(sides[0], given[0], named) + _common(sides[1], given[1], named)
        turned = _common(sides[0], given[1], named) + _common(sides[1], given[0], named)
        if straight >= turned:
            return
    yield Fault("relation", statement.strip())


def _sides(text: str, language: str) -> tuple[Share, Share] | None:
    """The two sides of a comparison, where both say something."""
    rest = figures(text, language).rest
    match = cue("than", language).search(rest)
    if not match:
        return None
    left, right = (Share(piece, language) for piece in (rest[: match.start()], COMMA.split(rest[match.end() :])[0]))
    return (left, right) if left.items and right.items else None


def _common(one: Share, other: Share, names_only: bool = False) -> int:
    return sum(other.has(item) for item in one.items if not names_only or isinstance(item, str))


def _strange_names(statement: str, language: str, sources: Sequence[tuple[str, str]]) -> Iterator[Fault]:
    """A name that is said what the source says of the name beside it: "A as first choice and B as second"."""
    for name, mine in _named(statement, language) or []:
        for text, spoken in sources:
            given = _named(text, spoken)
            for (one, a), (other, b) in itertools.pairwise(given):
                if name not in (one, other) or not a.telling.strip() or not b.telling.strip():
                    continue
                own, rival = (a, b) if name == one else (b, a)
                if not cue("joins", spoken).search(_between(text, spoken, one, other)):
                    continue
                if _is_told_by(mine, own, [rival]):
                    yield Fault("relation", name)


def _borrowed(statement: str, language: str, sources: Sequence[tuple[str, str]]) -> Iterator[Fault]:
    """A name is said what an earlier clause says of another: "A is first choice, while B …" does not make B the first.

    What a clause says may go for a name that stands before it, which is its subject; not for one that comes later.
    """
    places = _named_places(statement, language)
    named = [plain for _, _, plain in places]
    for clause in clauses(figures(statement, language).rest, language):
        said = [item for item in items_of(clause.text, language) if _plain(item) not in named]
        for start, _, name in places:
            inside = clause.start <= start < clause.end and said and sources
            if inside and all(_is_said_of_another(name, named, said, *source) for source in sources):
                yield Fault("relation", name)


def _is_said_of_another(name: str, named: Sequence[str], said: Sequence[Item], text: str, language: str) -> bool:
    rest = figures(text, language).rest
    places = _named_places(text, language)
    shares = [Share(clause.text, language) for clause in clauses(rest, language)]
    spans = [(clause.start, clause.end) for clause in clauses(rest, language)]
    mine = [
        i for i, (start, end) in enumerate(spans) if any(start <= s < end and plain == name for s, _, plain in places)
    ]
    if not mine or any(shares[i].has(item) for i in mine for item in said):
        return False
    for (start, end), share in list(zip(spans, shares, strict=True))[: mine[0]]:
        others = [plain for s, _, plain in places if start <= s < end and plain not in named]
        if others and any(share.has(item) for item in said):
            return True
    return False


def _plain(item: Item) -> str:
    return item if isinstance(item, str) else plain_name(item.word)


def _between(text: str, language: str, one: str, other: str) -> str:
    spans = {plain: (start, end) for start, end, plain in _named_places(text, language)}
    return figures(text, language).rest[spans[one][1] : spans[other][0]]


def _swapped_names(statement: str, language: str, sources: Sequence[tuple[str, str]]) -> Iterator[Fault]:
    """Two names, each said what the source says of the other."""
    stated = _named(statement, language)
    if len(stated) < 2 or cue("together", language).search(statement):
        return
    written = [statement, *(text for text, _ in sources)]
    for (one, mine), (other, theirs) in itertools.combinations(stated, 2):
        given = [
            (shares[one], shares[other])
            for text, spoken in sources
            if one in (shares := _merged(_named(text, spoken)))
            and other in shares
            and _has_agent(text, spoken) == _has_agent(statement, language)
        ]
        if (
            given
            and one != other
            and not _unlike(one, other, written)
            and all(_crossed(mine, theirs, a, b) for a, b in given)
        ):
            yield Fault("relation", statement.strip())
            return


def _merged(named: Sequence[tuple[str, Share]]) -> dict[str, Share]:
    """The share of each name, with all that is said wherever the text names it."""
    merged: dict[str, Share] = {}
    for plain, share in named:
        known = merged.get(plain)
        merged[plain] = replace(share, text=f"{known.text} {share.text}") if known else share
    return merged


def _has_agent(text: str, language: str) -> bool:
    """Whether a name stands behind "by": then what is done is done to the one before it."""
    word = {"da": "af", "nl": "door", "en": "by"}.get(language, "by")
    rest = figures(text, language).rest
    return any(re.search(rf"\b{word}\s+$", rest[:start]) for start, _, _ in _named_places(text, language))


def _unlike(one: str, other: str, texts: Sequence[str]) -> bool:
    """One is written with a capital within a sentence and the other without: they are not two of a kind."""
    capitals = {plain_name(word) for text in texts for word in re.findall(r"(?<=[\w,;)] )[^\W\d_a-z][\w-]+", text)}
    small = {plain_name(word) for text in texts for word in re.findall(r"(?<![\w-])[a-zæøåéëï][\w-]+", text)}
    return (one in capitals and other in small) or (one in small and other in capitals)


def _figures_decide(statement: str, language: str, sources: Sequence[tuple[str, str]]) -> bool:
    """The names are told apart by figures of one kind, which are paired already."""
    groups = {figure.group for figure in figures(statement, language).found}
    for text, spoken in sources:
        given = figures(text, spoken).found
        if any(sum(figure.group == group for figure in given) > 1 for group in groups):
            return True
    return False


def _crossed(mine: Share, theirs: Share, given_one: Share, given_other: Share) -> bool:
    straight = _common(mine, given_one) + _common(theirs, given_other)
    crossed = _common(mine, given_other) + _common(theirs, given_one)
    return crossed > straight


def _named(text: str, language: str) -> list[tuple[str, Share]]:
    """Each name of a text, or word of its own kind, with the part of the text that is its own."""
    found = _named_places(text, language)
    rest = figures(text, language).rest
    for start, end, _ in found:  # the names themselves tell nothing more
        rest = rest[:start] + " " * (end - start) + rest[end:]
    shares = shares_of(rest, language, [(start, end) for start, end, _ in found], of_names=True)
    return [(plain, share) for (_, _, plain), share in zip(found, shares, strict=True)]


def _named_places(text: str, language: str) -> list[tuple[int, int, str]]:
    rest = figures(text, language).rest
    found = [(n.start, n.start + len(n.word), n.plain) for n in names(rest, language)]
    for term in content(rest, language):
        rare = term.is_name and term.commonness <= _RARE
        match = re.search(rf"(?<!\w){re.escape(term.word)}(?!\w)", rest, re.IGNORECASE) if rare else None
        if match and not any(start < match.end() and match.start() < end for start, end, _ in found):
            found.append((match.start(), match.end(), plain_name(term.word)))
    return sorted(found)
