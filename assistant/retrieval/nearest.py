"""The nearest sentences of each language, asked for together where there are many.

Chroma goes through all that a filter lets pass before it searches, which takes the longer the more there is. Without
one it does not: what is nearest in a language stands among what is nearest of all, if only enough is looked at.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.retrieval.vectors import Near

if TYPE_CHECKING:
    import numpy as np

    from assistant.retrieval.index.opening import OpenIndex

_FEW = 5_000  # vectors up to which a filter costs less than what it saves
_WIDE = 12  # times as many, looked at in all languages


def nearest_in_each(
    index: "OpenIndex",
    vector: "np.ndarray[Any, Any]",
    languages: Sequence[str],
    limit: int,
    document_ids: Sequence[str] | None = None,
) -> dict[str, list[Near]]:
    """At most `limit` sentences a language, nearest first.

    Args:
        vector: (dimensions,), of unit length.
        document_ids: of these documents only; None: of all.
    """
    vectors = index.vectors
    found: dict[str, list[Near]] = {language: [] for language in languages}
    if document_ids is None and len(languages) > 1 and vectors.count() > _FEW:
        wide = vectors.nearest(vector, _WIDE * limit)
        spoken = index.library.languages_of_sentences([hit.id for hit in wide])
        for hit in wide:
            if hit.id in spoken and len(found[spoken[hit.id]]) < limit:
                found[spoken[hit.id]].append(hit)
    for language, near in found.items():
        if len(near) < limit:  # a language that is rare among the nearest: there may be more
            found[language] = vectors.nearest(vector, limit, language=language, document_ids=document_ids)
    return found
