"""Schemathesis over the whole specification: what the tests run of it, and the long run by hand.

    python tests/web/api/fuzz.py              # 10,000 requests
    python tests/web/api/fuzz.py 2000

It serves invented documents on loopback, from a folder that is thrown away, and prints each request that is answered
otherwise than the specification says: a 5xx, another status or shape than described, a bad request that was taken, a
good one that was refused.
"""

import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.generation import GenerationMode

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from api_served import Api, started


def operations(api: Api) -> list[Any]:
    """Every operation of the specification that the server itself hands out."""
    schema = schemathesis.openapi.from_url(f"{api.client.base_url}openapi.json".replace("//openapi", "/openapi"))
    return [found.ok() for found in schema.get_all_operations()]


def fuzz(operation: Any, most: int, *, seed: int = 20260101) -> int:
    """Send up to `most` requests of each mode to an operation; returns how many were sent.

    Raises:
        Exception: one was answered otherwise than described; the message says how to send it again.
    """
    sent = 0
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=most,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def send(case: Any) -> None:
            nonlocal sent
            sent += 1
            case.call_and_validate(timeout=120)

        send()
    return sent


def main(requests: int) -> int:
    """Fuzz everything; returns how many operations broke a promise."""
    with TemporaryDirectory() as folder, ExitStack() as ends, pytest.MonkeyPatch.context() as patch:
        api = started(Path(folder), patch, ends)
        return _all(api, requests)


def _all(api: Api, requests: int) -> int:
    found = operations(api)
    sent = broken = 0
    for operation in found:
        try:
            told = fuzz(operation, max(1, requests // (2 * len(found))))
            sent += told
            print(f"{operation.label}: {told}", flush=True)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is what this looks for
            broken += 1
            print(f"{operation.label}: {error}", flush=True)
    print(f"{sent} requests, {broken} of {len(found)} operations broken")
    return broken


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000) else 0)
