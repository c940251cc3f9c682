"""What a document is about, by name: the medicine of a leaflet that is titled "Package leaflet" only."""

import re
from collections import Counter
from collections.abc import Sequence

from assistant.documents.commonness import RAREST, zipf
from assistant.documents.model import LANGUAGES, Document, Passage

_MOST = 3
_LEAST = 3  # how often a name must stand, as counted below
_SMALL = 0.25  # how often, of the times it stands, a name may stand without its capital
_RARE, _RARER = 4.0, 3.2  # the Zipf value up to which a word may be a name: one that is marked as such, any other
_TITLED, _MARKED, _DOSED = 2, 3, 2  # what it counts, in occurrences: the title, being marked as a name, a strength
_ACRONYM = 5  # letters up to which a word in capitals only is none
_LETTER = "[a-zæøåéèëïöüáí]"
_NAME = re.compile(rf"(?<![\w-])(?:[A-ZÆØÅÉÖÜ]{_LETTER}{{3,}}|[A-ZÆØÅ]{{4,}})(?![\w-])")
_SMALL_WORD = re.compile(rf"(?<![\w-]){_LETTER}{{4,}}(?![\w-])")
# A trade name is marked by its sign, or by the substance in brackets or before them; its strength hints at one.
_SIGN = re.compile(r"\s?[®™]")
_SUBSTANCE_BEHIND = re.compile(rf"\s?[®™]?\s?\(({_LETTER}{{5,}}(?:\s{_LETTER}{{4,}})?)\)")
_SUBSTANCE_BEFORE = re.compile(rf"({_LETTER}{{5,}})\s\($", re.IGNORECASE)
_STRENGTH = re.compile(
    r"\s?[®™]?\s\d+(?:[.,]\d+)?\s?(?:mg|g|µg|mcg|mikrogram|microgram|ml|IE|IU|E/ml)\b", re.IGNORECASE
)
# What official texts call a substance by, and a strength between a name and the substance in brackets.
_ACTIVE = re.compile(
    r"\b(?:werkzame|werkzaam|actieve|aktive|aktivt|virksomme|active)\s+(?:stof|bestanddeel|indholdsstof|lægemiddelstof"
    r"|substance|ingredient)(?:\s+(?:in|i|van)\s+\w+(?:\s(?:middel|medicine|lægemiddel))?)?"
    rf"(?:\s?[:,]|\s+(?:is|er|heet|hedder|kaldet|called|genaamd))?\s+({_LETTER}{{5,}})(?![\w-])",
    re.IGNORECASE,
)
_BEHIND_STRENGTH = re.compile(
    rf"[^().\n]{{0,40}}?\d\s?(?:mg|g|µg|mcg|mikrogram|microgram|ml|IE|IU|E)\b[^().\n]{{0,15}}\(({_LETTER}{{5,}})\)"
)
# "Each tablet contains 40 mg of …": the first of these is what works, if the text speaks of it again.
_CONTAINS = re.compile(
    rf"\b(?:contains?|indeholder|bevat(?:ten)?)\s+\d[\d.,]*\s?(?:mg|g|µg|mcg|mikrogram|microgram)\s(?:of\s|af\s)?"
    rf"({_LETTER}{{5,}})(?![\w-])"
)


def subjects(document: Document, passages: Sequence[Passage]) -> tuple[str, ...]:
    """The names that a document says most, at most three, as written; none where none stands out.

    A name is a word with a capital that is rare in the language and hardly ever written without one, so that words at
    the start of sentences do not count. It counts more in the title, and where it is marked as a name. A document that
    has none is about the substance in its title.
    """
    title, language = document.metadata.title, document.metadata.language
    text = _whole(title, passages)
    small = Counter(_SMALL_WORD.findall(text))
    found = _Found(text, small)
    titled = set() if title.isupper() else {name.casefold() for name in _NAME.findall(title)}
    strengths = {
        folded: count + _TITLED * (folded in titled) + _DOSED * (folded in found.dosed)
        for folded, count in found.counts.items()
        if _is_name(folded, count, small, language, is_marked=folded in found.marked)
        and not (folded in found.shouted and (len(folded) <= _ACRONYM or folded not in titled | found.marked))
        and not found.is_tail(folded)
    }
    if not strengths:
        return _substance(title, small)
    weights = {folded: strength + _MARKED * (folded in found.marked) for folded, strength in strengths.items()}
    bar, share = max(_LEAST, 0.5 * max(weights.values())), 0.5 * max(strengths.values())
    most = [
        folded
        for folded in sorted(weights, key=lambda folded: -weights[folded])
        # A mark says that it is a name, and not that the document is about it: what is compared with has one, too.
        if weights[folded] >= bar and (strengths[folded] >= share or folded in titled & found.marked)
    ]
    marked = max((weights[folded] for folded in most if folded in found.marked), default=0)
    kept = [folded for folded in most if folded in found.marked or weights[folded] >= marked]
    return tuple(found.written[folded] for folded in kept[:_MOST])


def substances(names: Sequence[str], passages: Sequence[Passage], title: str = "") -> dict[str, tuple[str, ...]]:
    """For each of the names the substances that a document gives for it in brackets, or it for them; mostly one.

    Where it has one name, what it calls the active substance is meant as well.
    """
    text = _whole(title, passages)
    found: dict[str, Counter[str]] = {name: Counter() for name in names}
    if len(names) == 1:
        stated = [word.casefold() for word in _ACTIVE.findall(text)]
        found[names[0]].update(word for word in stated if _is_unknown(word) and word != names[0].casefold())
    for name, counts in found.items():
        for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE):
            for beside in _beside(text, match.start(), match.end()):
                counts[beside.casefold()] += 1
            behind = _BEHIND_STRENGTH.match(text, match.end())
            if behind and _is_unknown(behind[1].casefold()):
                counts[behind[1].casefold()] += 1
    if len(names) == 1 and not found[names[0]]:
        content = _CONTAINS.search(text)
        if content and text.count(content[1]) > 1:
            found[names[0]][content[1]] += 1
    return {name: tuple(word for word, _ in counts.most_common(2)) for name, counts in found.items()}


def _whole(title: str, passages: Sequence[Passage]) -> str:
    """Title, headings once each, and text."""
    headings = dict.fromkeys(heading for passage in passages for heading in passage.section)
    return "\n".join([title, *headings, *(passage.text for passage in passages)])


class _Found:
    """Words with a capital, whatever its case, by their folded form."""

    def __init__(self, text: str, small: Counter[str]) -> None:
        self.counts: Counter[str] = Counter()
        self.marked: set[str] = set()
        self.dosed: set[str] = set()
        forms: dict[str, Counter[str]] = {}
        for match in _NAME.finditer(text):
            folded = match[0].casefold()
            self.counts[folded] += 1
            forms.setdefault(folded, Counter())[match[0]] += 1
            if _is_marked(text, match.start(), match.end()):
                self.marked.add(folded)
            if _STRENGTH.match(text, match.end()):
                self.dosed.add(folded)
        self.written = {folded: written.most_common(1)[0][0] for folded, written in forms.items()}
        self.shouted = {folded for folded, written in forms.items() if all(form.isupper() for form in written)}
        self._words = {*small, *self.counts}

    def is_tail(self, folded: str) -> bool:
        """Whether a longer word ends in it: "Nævnet" is a board as "Lægemiddelnævnet" is, and no medicine."""
        return any(word.endswith(folded) and len(word) >= len(folded) + 3 for word in self._words)


def _is_name(folded: str, count: int, small: Counter[str], language: str, *, is_marked: bool) -> bool:
    if small[folded] > _SMALL * count:
        return False
    if is_marked:
        return zipf(folded, language) <= _RARE
    return max(zipf(folded, spoken) for spoken in {language, *LANGUAGES}) <= _RARER


def _is_marked(text: str, start: int, end: int) -> bool:
    if _SIGN.match(text, end):
        return True
    return bool(_beside(text, start, end))


def _beside(text: str, start: int, end: int) -> list[str]:
    """The substance in brackets behind a name, or before a name in brackets: words that are rare everywhere."""
    found = _SUBSTANCE_BEHIND.match(text, end) or _SUBSTANCE_BEFORE.search(text, max(0, start - 40), start)
    words = [found[1]] if found else []
    return [word for word in words if all(zipf(word.split()[0].casefold(), spoken) <= _RARER for spoken in LANGUAGES)]


def _is_unknown(word: str) -> bool:
    return all(zipf(word, spoken) <= RAREST for spoken in LANGUAGES)


def _substance(title: str, small: Counter[str]) -> tuple[str, ...]:
    """The rarest word of a title without names, where the document says it again and again."""
    rare = [
        word
        for word in _SMALL_WORD.findall(title)
        if small[word] >= _LEAST + 1 and all(zipf(word, language) < 1.0 for language in LANGUAGES)
    ]
    return tuple(sorted(rare, key=lambda word: -small[word])[:1])
