"""Sentences of repaired text, as spans. sentencex does the splitting; what official medicine texts need is added.

Wikimedia's sentencex knows abbreviations of some 300 languages. It keeps whatever stands between quotation marks
together and does not know "hver 6. måned" or "§ 1, stk. 3", so quotes are hidden from it and its cuts are checked.
"""

import itertools
import re

_HIDDEN = str.maketrans(dict.fromkeys("\"'“”„‘’«»‹›()[]", "x"))
_ABBREVIATIONS = (
    r"adr|afd|aftl|alm|art|bekg|bl|ca|cf|d\.d|dep|dgl|dr|e\.g|el|eks|evt|ex|f\.eks|fig|fm|fx|gr|hhv|hr|i\.e|i\.m|i\.v"
    r"|inkl|jf|jfr|kap|kl|lb|lbnr|maks|max|mdr|mht|mfl|mio|mn|mr|mrs|nr|no|ol|omtr|op|osv|pga|pkt|pl|pr|prof|ref"
    r"|rev|s\.c|s\.k|sek|skt|st|stk|tab|tbl|tlf|vedr|vs"
    r"|aant|afb|bijv|blz|bv|d\.m\.v|d\.w\.z|drs|excl|gem|i\.p\.v|i\.v\.m|incl|ing|jl|m\.b\.t|m\.b\.v|m\.i\.v|mevr"
    r"|o\.a|pag|par|sect|t\.a\.v|t\.o\.v|v\.a|vgl|zgn"
    r"|approx|dept|est|figs|govt|jr|messrs|p|pp|ph|viz|vol"
)
_ENDS_OPEN = re.compile(rf"(?:^|[\s(\[/])(?:{_ABBREVIATIONS}|[^\W\d_]|§+)\.?\s*$", re.IGNORECASE)
_ORDINAL_END = re.compile(r"(?:^|\s|\()\d{1,2}\.\s*$")
_MONTH = re.compile(r"(?:jan|feb|mar|mrt|maa|apr|maj|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)\w*\b", re.IGNORECASE)
_MONTH_END = re.compile(r"\b(?:jan|febr?|mrt|apr|aug|sept?|okt|oct|nov|dec)\.\s*$", re.IGNORECASE)
_MISSED = re.compile(
    r"(?<=[^\W\d_]{2})[.!?]['\"”’»)\]]*\s+(?=['\"„“«(]?[A-ZÆØÅÉ§])|(?<=\d)[.!?]\s+(?=[A-ZÆØÅÉ][^\W\d_])"
)


_END = re.compile(r"[.!?…]")
_ITEM_NUMBER = re.compile(r"\s*\(?(?:\d{1,3}(?:\.\d{1,3})*|[ivx]{1,4})[.)]\s*", re.IGNORECASE)


def sentence_spans(text: str, language: str) -> list[tuple[int, int]]:
    """Split a block of reading text into sentences: spans of `text` in order, without the space between them."""
    if not text.strip():
        return []
    may_end = _END.search(text.rstrip()[:-1])  # else it is one sentence, and nobody need look for others
    cuts = sorted({0, len(text), *(_proposed(text, language) if may_end else ())})
    kept = [0]
    for cut in cuts[1:-1]:
        if _is_boundary(text, kept[-1], cut):
            kept.append(cut)
    kept.append(len(text))
    spans = []
    for start, end in itertools.pairwise(kept):
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            begin = start + len(piece) - len(piece.lstrip())
            spans.append((begin, begin + len(stripped)))
    return spans


def _proposed(text: str, language: str) -> list[int]:
    import sentencex

    hidden = text.translate(_HIDDEN)
    cuts, at = [], 0
    for piece in sentencex.segment(language or "en", hidden):
        at += len(piece)
        cuts.append(at)
    if at != len(text):  # it must give back what it was given; otherwise only our own rule counts
        cuts = []
    return cuts + [match.end() for match in _MISSED.finditer(text)]


def _is_boundary(text: str, start: int, cut: int) -> bool:
    before, after = text[start:cut], text[cut:].lstrip()
    if not after or not re.search(r"[^\W_]", before):
        return False
    if start == 0 and _ITEM_NUMBER.fullmatch(before):
        return False  # "1. Vask hænderne."
    if before.count("(") > before.count(")") and ")" in after[:200] and not re.search(r"[.!?]\s*$", before):
        return False
    if not re.search(r"[.!?…]['\"”’»)\]]*\s*$", before):
        return False
    if re.search(r"[?!]['\"”’»)\]]*\s*$", before):
        return not after[0].islower()
    if _ENDS_OPEN.search(before):
        return False
    if (_ORDINAL_END.search(before) and _MONTH.match(after)) or (_MONTH_END.search(before) and after[0].isdigit()):
        return False
    return not after[0].islower()
