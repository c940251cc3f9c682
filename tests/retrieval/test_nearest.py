"""However many languages there are, each gets its nearest sentences, and the same ones as if it were asked alone."""

from collections.abc import Callable

import numpy as np
import pytest

from assistant.engine import Assistant
from assistant.retrieval import nearest
from assistant.retrieval.nearest import nearest_in_each

FILES = {
    "da.txt": "Veltoral gives hver uge til voksne.\n\nVeltoral opbevares i køleskab.\n\nDet må ikke gives til børn.\n",
    "en.txt": "Veltoral is given every week to adults.\n\nKeep Veltoral in a fridge.\n\nDo not give it to children.\n",
    "nl.txt": "Veltoral wordt elke week aan volwassenen gegeven.\n",
}


@pytest.mark.parametrize("few", [0, 1_000])
@pytest.mark.parametrize("wide", [1, 100])
def test_each_language_has_its_nearest_sentences(
    assistant_over: Callable[[dict[str, str]], Assistant], monkeypatch: pytest.MonkeyPatch, few: int, wide: int
) -> None:
    monkeypatch.setattr(nearest, "_FEW", few)
    monkeypatch.setattr(nearest, "_WIDE", wide)
    index = (opened := assistant_over(FILES)._open()).index
    vector = opened.searcher.embedder.encode_questions(["How often is Veltoral given to adults?"])[0]
    found = nearest_in_each(index, vector, ["da", "en", "nl"], 2)
    for language, near in found.items():
        alone = index.vectors.nearest(vector, 2, language=language)
        assert [hit.id for hit in near] == [hit.id for hit in alone]
        assert np.allclose([hit.score for hit in near], [hit.score for hit in alone], atol=1e-6)
    assert [len(near) for near in found.values()] == [2, 2, 1]
    assert nearest_in_each(index, vector, ["da", "en"], 2, ["en.txt"])["da"] == []
