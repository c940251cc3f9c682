"""What a document is about, by name: the medicine of a leaflet that is titled "Package leaflet" only."""

import re
from collections import Counter
from collections.abc import Sequence

from assistant.documents.model import Document, Passage

_MOST = 3
_NAME = re.compile(r"(?<![\w-])[A-ZÆØÅÉÖÜ][a-zæøåéèëïöüáí]{3,}(?![\w-])")


def subjects(document: Document, passages: Sequence[Passage]) -> tuple[str, ...]:
    """The names that a document says most, at most three, as written; none where none stands out.

    A name is a word with a capital that is never written without, so that words at a sentence's start do not count.
    """
    text = " ".join([document.metadata.title, *(p.text for p in passages), *(s for p in passages for s in p.section)])
    small = set(re.findall(r"(?<![\w-])[a-zæøåéèëïöüáí]{4,}(?![\w-])", text))
    counts = Counter(name for name in _NAME.findall(text) if name.lower() not in small)
    if not counts:
        return ()
    top = counts.most_common(1)[0][1]
    return tuple(name for name, count in counts.most_common(_MOST) if count >= 3 and count >= 0.5 * top)
