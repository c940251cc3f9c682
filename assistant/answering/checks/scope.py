"""Does a source affirm, deny, allow and demand what the statement does? Clause by clause, by what each speaks of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answering.checks.clauses import Clause, Modal, clauses
from assistant.answering.checks.coverage import content, has, names, plain_words
from assistant.answering.checks.cues import cue
from assistant.answering.checks.faults import Fault, FaultKind
from assistant.answering.checks.figures import figures
from assistant.retrieval.terms import Term, Words, words_of


@dataclass(frozen=True)
class Part:
    """A clause, and what it speaks of."""

    clause: Clause
    language: str
    terms: tuple[Term, ...]
    names: frozenset[str]

    @cached_property
    def words(self) -> Words:
        return words_of(self.clause.text, self.language)

    @cached_property
    def plain(self) -> frozenset[str]:
        return plain_words(self.clause.text)

    def speaks_of(self, item: "Term | str") -> bool:
        """Whether it has a term, or a name."""
        return item in self.plain if isinstance(item, str) else has(item, self.words)


def parts_of(text: str, language: str) -> list[Part]:
    """The clauses of a text with their terms and names."""
    rest = figures(text, language).rest
    found = []
    for clause in clauses(rest, language):
        named = frozenset(n.plain for n in names(text, language) if clause.start <= n.start < clause.end)
        found.append(Part(clause, language, content(clause.text, language), named))
    return found


def scope_faults(statement: str, language: str, sources: Sequence[tuple[str, str]]) -> Iterator[Fault]:
    """What the statement denies and the sources affirm, or the other way round; what it demands and they allow.

    Args:
        sources: (text, language) of each cited sentence.
    """
    stated = parts_of(statement, language)
    grouped = [parts_of(text, spoken) for text, spoken in sources]
    for part in stated:
        kind = _fault_of(part, stated, grouped)
        if kind:
            yield Fault(kind, part.clause.text.strip(" ,.;:"))
    yield from _half_denied(stated, grouped)
    yield from _restrictions(statement, language, sources)


def carried(statement: str, language: str, sources: Sequence[tuple[str, str]]) -> list[bool]:
    """Of each clause of the statement, whether these sources affirm, deny, allow and demand what it does."""
    stated = parts_of(statement, language)
    grouped = [parts_of(text, spoken) for text, spoken in sources]
    if list(_restrictions(statement, language, sources)):
        return [False] * len(stated)
    return [_fault_of(part, stated, grouped) is None for part in stated]


def _fault_of(part: Part, stated: Sequence[Part], grouped: Sequence[Sequence[Part]]) -> FaultKind | None:
    backing = [found for group in grouped for found in _backing(part, group, grouped)]
    if not backing:
        return "negation"
    if _is_modal_changed(part, backing) or _drops_condition(backing, stated, grouped):
        return "relation"
    return None


def _half_denied(stated: Sequence[Part], grouped: Sequence[Sequence[Part]]) -> Iterator[Fault]:
    """Of "is contraindicated or is not tolerated" the statement denies one thing only, and speaks of both."""
    denied = [p for group in grouped for p in group if p.clause.denies]
    forbidden, negated = [p for p in denied if p.clause.forbids], [p for p in denied if not p.clause.forbids]
    kinds = {part.clause.forbids for part in stated if part.clause.denies}
    for part in stated:
        clause = part.clause
        if not clause.denies or not (forbidden and negated) or len(kinds) > 1:
            continue
        other, same = (negated, forbidden) if clause.forbids else (forbidden, negated)
        peculiar = [t for p in other for t in p.terms if not t.generic and not any(q.speaks_of(t) for q in same)]
        if any(has(term, part.words) for term in peculiar):
            yield Fault("negation", clause.text.strip(" ,.;:"))


def _items(part: Part, grouped: Sequence[Sequence[Part]]) -> list[Term | str]:
    """What a clause of the statement speaks of and the sources too; generic words only where there are no others."""
    everything: list[Term | str] = [*part.names, *part.terms]
    known = [item for item in everything if any(p.speaks_of(item) for group in grouped for p in group)]
    weighty = [item for item in known if isinstance(item, str) or not item.generic]
    return weighty or known


def _backing(part: Part, group: Sequence[Part], grouped: Sequence[Sequence[Part]]) -> Iterator[Part]:
    """The clauses of one source on which a clause of the statement may rest.

    Where nothing cited has the opposite polarity, any may. Else it must be one that speaks of something in the
    statement, and what else the statement speaks of must stand in what that clause leans on, or in another cited
    sentence that agrees; and it must not be the opposed clauses that the statement is really about.
    """
    agreeing = [p for p in group if p.clause.polarity == part.clause.polarity]
    opposed = [p for each in grouped for p in each if p.clause.polarity != part.clause.polarity]
    if not opposed:
        yield from agreeing
        return
    items = _items(part, grouped)
    elsewhere = [p for each in grouped if each is not group for p in each if p not in opposed]
    for candidate in agreeing:
        if candidate.clause.leans and not part.clause.leans and not all(candidate.speaks_of(i) for i in items):
            continue
        if items and not any(candidate.speaks_of(item) for item in items):
            continue
        before = [p for p in group if p.clause.end <= candidate.clause.start or p.clause.leans]
        reach = [candidate, *before, *elsewhere]
        if not all(any(p.speaks_of(item) for p in reach) for item in items):
            continue
        if not _misplaced(part, items, candidate, opposed):
            yield candidate


def _misplaced(part: Part, items: Sequence[Term | str], candidate: Part, opposed: Sequence[Part]) -> bool:
    """The statement is about the opposed clauses rather than about this one.

    It speaks of what they alone have, and of nothing that this one alone has; or it leaves out this one's own subject;
    or it allows and demands as they do, and this one does neither.
    """
    theirs = [i for i in items if not candidate.speaks_of(i) and any(p.speaks_of(i) for p in opposed)]
    shared = any(p.speaks_of(item) for p in opposed for item in items)
    modals = {modal for p in opposed for modal in p.clause.modals}
    if shared and part.clause.modals & modals and not candidate.clause.modals and not candidate.clause.forbids:
        return True
    if not theirs:
        return False
    ours = [i for i in items if candidate.speaks_of(i) and not any(p.speaks_of(i) for p in opposed)]
    peculiar = [i for i in _matter(candidate) if not any(p.speaks_of(i) for p in opposed)]
    if peculiar and not ours:
        return True
    subject = _matter(_before_verb(candidate))
    return bool(subject) and all(i in peculiar and not part.speaks_of(i) for i in subject)


def _matter(part: Part) -> list[Term | str]:
    return [*part.names, *(term for term in part.terms if not term.generic)]


def _before_verb(part: Part) -> Part:
    """What of a clause stands before its modal or its negation: where there is anything, its own subject."""
    heads = (cue(name, part.language).search(part.clause.text) for name in ("may", "must", "should", "negation"))
    first = min((match.start() for match in heads if match), default=0)
    text = part.clause.text[:first]
    named = frozenset(name.plain for name in names(text, part.language))
    return Part(part.clause, part.language, content(text, part.language), named & part.names)


def _is_modal_changed(part: Part, backing: Sequence[Part]) -> bool:
    clause = part.clause
    if clause.denies:
        return all(p.clause.need_not != clause.need_not for p in backing)
    return not any(_allows(clause, p.clause) for p in backing)


def _allows(stated: Clause, given: Clause) -> bool:
    """Whether what a clause allows or demands may be said on the ground of another."""
    claimed: frozenset[Modal] = stated.modals
    known: frozenset[Modal] = given.modals
    if not claimed:
        return known != {"may"} or stated.hedged or given.hedged
    if not known:
        return claimed == {"may"} or not given.is_past
    if claimed & known:
        return True
    return claimed == {"should"} and "must" in known


def _drops_condition(backing: Sequence[Part], stated: Sequence[Part], grouped: Sequence[Sequence[Part]]) -> bool:
    """The source says it "if …" or "unless …", and the statement without."""
    for group in grouped:
        for place, condition in enumerate(group):
            opens = cue("conditions", condition.language).match(condition.clause.text.lstrip(" ,("))
            if not opens or not (condition.names or condition.terms) or condition in backing[:1]:
                continue
            before = [p for p in group[:place] if not p.clause.leans][-1:]
            bound = before or [p for p in group[place + 1 :] if not p.clause.leans][:1]
            if any(p in backing for p in bound) and not _mentions(stated, condition):
                return True
    return False


def _mentions(stated: Sequence[Part], condition: Part) -> bool:
    return any(
        any(map(condition.speaks_of, part.names)) or any(map(condition.speaks_of, part.terms)) for part in stated
    )


def _restrictions(statement: str, language: str, sources: Sequence[tuple[str, str]]) -> Iterator[Fault]:
    """ "only", "except" and "if" that one side says and the other does not."""
    only = cue("only", language).search(statement)
    if only and not any(cue("only", spoken).search(text) for text, spoken in sources):
        yield Fault("relation", only.group())
    excepted = cue("except", language).search(statement)
    given = [match for text, spoken in sources if (match := cue("except", spoken).search(text))]
    if excepted and not given:
        yield Fault("relation", excepted.group())
    if all(_announces_condition(text, spoken) for text, spoken in sources) and not _has_condition(statement, language):
        yield Fault("relation", statement.strip())
    if given and not excepted and len(sources) == 1:
        yield Fault("relation", statement.strip())


def _announces_condition(text: str, language: str) -> bool:
    """It ends in "if", and says under which conditions only in the list below it."""
    *_, last = [None, *cue("conditions", language).finditer(text)]
    return last is not None and not re.search(r"\w", text[last.end() :])


def _has_condition(text: str, language: str) -> bool:
    return bool(cue("conditions", language).search(text))
