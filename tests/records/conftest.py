"""What tests of the records share."""

from pathlib import Path

import pytest

from assistant.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(records_folder=tmp_path / "records")
