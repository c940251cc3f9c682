"""What a document is about, by name: the medicine of a leaflet that is titled "Package leaflet" only."""

import re
from collections import Counter
from collections.abc import Sequence

from assistant.documents.commonness import zipf
from assistant.documents.model import Document, Passage

_MOST = 3
_SMALL = 0.25  # how often, of the times it stands, a name may stand without its capital
_RARE = 4.0  # the Zipf value up to which a word may be a name
_NAME = re.compile(r"(?<![\w-])(?:[A-ZÆØÅÉÖÜ][a-zæøåéèëïöüáí]{3,}|[A-ZÆØÅ]{4,})(?![\w-])")


def subjects(document: Document, passages: Sequence[Passage]) -> tuple[str, ...]:
    """The names that a document says most, at most three, as written; none where none stands out.

    A name is a word with a capital that is rare in the language and hardly ever written without one, so that words at
    the start of sentences do not count.
    """
    language = document.metadata.language
    text = " ".join([document.metadata.title, *(p.text for p in passages), *(s for p in passages for s in p.section)])
    small = Counter(re.findall(r"(?<![\w-])[a-zæøåéèëïöüáí]{4,}(?![\w-])", text))
    counts = Counter(_NAME.findall(text))
    for name in list(counts):
        if small[name.lower()] > _SMALL * counts[name] or zipf(name.lower(), language) > _RARE:
            del counts[name]
    if not counts:
        return ()
    top = counts.most_common(1)[0][1]
    return tuple(name for name, count in counts.most_common(_MOST) if count >= 3 and count >= 0.5 * top)
