"""Indexing over a Ray cluster of two nodes gives what one machine gives, failures included.

Needs the extra `ray`; skipped without it.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.engine import Assistant
from assistant.errors import ClusterError, EmbeddingModelError
from assistant.retrieval.index import indexing
from assistant.retrieval.index.indexing import IndexReport, _Encoding
from assistant.retrieval.index.opening import open_index
from assistant.retrieval.index.spreading import Here, OverRay
from assistant.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = 12


def with_node(task: tuple[int, Path]) -> tuple[int, str]:
    """Says where it was done, once two nodes have come to the folder, or a minute has passed."""
    import ray

    number, folder = task
    node = ray.get_runtime_context().get_node_id()
    (folder / node).touch()
    for _ in range(300):
        if len(list(folder.iterdir())) > 1:
            break
        time.sleep(0.2)
    return number, node


def with_fault(number: int) -> int:
    if number == 2:
        raise EmbeddingModelError("a model", "it is broken")
    return 1 // number


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a cluster of two nodes with one core each, on this machine's loopback."""
    before = os.environ.copy()
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # elsewhere than there too, this has it keep to loopback
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])  # for its workers
    pytest.importorskip("ray.data", reason="Ray is not installed; pip install 'assistant[ray]'")
    import ray
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "object_store_memory": 80_000_000}
    made = Cluster()
    try:
        made.add_node(**node, include_dashboard=False)
        made.add_node(**node)
        made.wait_for_nodes(timeout=120)
        yield made.address
    except Exception as error:
        if "timed out during startup" not in str(error):
            raise
        pytest.skip("Ray gives a node 30 s to start, and on this busy machine that was too short")
    finally:
        ray.shutdown()
        made.shutdown()
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(DOCUMENTS):
        (corpus / f"{number:02}.txt").write_text(f"Middel {number} gives hver {number + 2}. uge til voksne.\n", "utf-8")
    (corpus / "empty.txt").write_bytes(b"")
    return Settings(corpus=corpus, index=tmp_path / "here")


def built(settings: Settings) -> IndexReport:
    return Assistant(settings).index()


def test_a_build_over_two_nodes_equals_one_of_one_machine(
    settings: Settings, cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_BATCH", 4)  # several batches are encoded
    spread = settings.model_copy(update={"index": tmp_path / "spread", "ray_address": cluster})
    for weeks in (None, 9):  # from nothing; and one document changed
        if weeks:
            (settings.corpus / "05.txt").write_text(f"Middel 5 gives hver {weeks}. uge til børn.\n", "utf-8")
        one, other = built(settings), built(spread)
        assert (one.added, one.changed, one.failures) == (other.added, other.changed, other.failures)
        assert [path for path, _ in other.failures] == ["empty.txt"]
        here, there = open_index(settings), open_index(spread)
        for record in here.library.documents():
            assert there.library.document(record.id) == here.library.document(record.id)
            assert there.library.passages_of(record.id) == here.library.passages_of(record.id)
        _, rows = here.library.ids()
        assert here.library.ids() == there.library.ids()
        mine, theirs = here.vectors.of(rows), there.vectors.of(rows)
        assert len(mine) == len(rows) >= DOCUMENTS
        for row in rows:
            np.testing.assert_array_equal(mine[row], theirs[row])
        here.close()
        there.close()


def test_both_nodes_work_and_the_order_is_that_of_the_tasks(cluster: str, tmp_path: Path) -> None:
    came = list(OverRay(cluster).map(with_node, [(number, tmp_path) for number in range(12)]))
    assert [number for number, _ in came] == list(range(12))
    assert len({node for _, node in came}) == 2


def test_a_fault_on_a_node_is_said(cluster: str) -> None:
    with pytest.raises(ClusterError, match=r"ZeroDivisionError.*ray status"):
        list(OverRay(cluster).map(with_fault, [1, 0]))
    with pytest.raises(EmbeddingModelError, match="a model"):
        list(OverRay(cluster).map(with_fault, [1, 2]))


def test_a_cluster_that_is_not_there_is_named_with_what_to_do(settings: Settings) -> None:
    away = settings.model_copy(update={"ray_address": "127.0.0.1:9"})
    with pytest.raises(ClusterError, match=r"ray status|pip install 'assistant\[ray\]'"):
        built(away)
    assert not (settings.index / "CURRENT").exists()


def test_a_node_with_another_model_is_refused(settings: Settings) -> None:
    with pytest.raises(EmbeddingModelError, match="another node"):
        _Encoding(settings, "another model")(["tekst"])


def test_one_machine_keeps_the_order_too() -> None:
    assert list(Here().map(str, [3, 1, 2])) == ["3", "1", "2"]
