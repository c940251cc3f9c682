"""Servers of the API for tests."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from api_served import Api, started

from assistant.access import LOCAL


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server over documents that no test changes; that they are not changed may well be what it tests."""
    with ExitStack() as ends, pytest.MonkeyPatch.context() as patch:
        yield started(tmp_path_factory.mktemp("api"), patch, ends)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """A server over documents of the test's own."""
    with ExitStack() as ends:
        yield started(tmp_path, monkeypatch, ends)


@pytest.fixture(autouse=True)
def _whoever_sits_at_the_machine(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "api" in request.fixturenames:
        request.getfixturevalue("api").caller = LOCAL
