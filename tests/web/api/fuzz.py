"""Schemathesis over the whole specification: what the tests run of it, and the long run by hand.

    PYTHONPATH=tests/web .venv/bin/python tests/web/api/fuzz.py          # 10,000 requests
    PYTHONPATH=tests/web .venv/bin/python tests/web/api/fuzz.py 2000

It serves invented documents on loopback, from a folder that is thrown away, and prints each request that is answered
otherwise than the specification says: a 5xx, another status or shape than described, a bad request that was taken, a
good one that was refused; or that tells of the document that is kept from whoever asks.
"""

import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis
import pytest
import schemathesis
from api_served import DOCUMENTS, Api, started
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from assistant.access import Caller

CURATOR = Caller("c", role="curator")  # may change documents, and may not read the board's
SECRETS = ("Tersimol, price list", "1,116 kr")
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
NEW = ["new.md", "æøå 100%.txt", "page.html", "leaflet.pdf", "letter.docx", "folder/new.md"]


def operations(api: Api) -> list[Any]:
    """Every operation of the specification that the server itself hands out."""
    schema = schemathesis.openapi.from_url(f"{str(api.client.base_url).rstrip('/')}/openapi.json")
    refused = schema.config.checks.negative_data_rejection
    refused.expected_statuses = [*refused.expected_statuses, "413"]  # a body may be wrong and too large
    return [found.ok() for found in schema.get_all_operations()]


def takes_something(operation: Any) -> bool:
    """Whether requests to an operation differ at all."""
    return bool(operation.body or list(operation.iter_parameters()))


def fuzz(operation: Any, most: int) -> int:
    """Send up to `most` requests of each mode to an operation; returns how many were sent.

    Raises:
        Exception: one was answered otherwise than described; the message says how to send it again.
    """
    modes = MODES if takes_something(operation) else MODES[:1]  # where nothing is sent, nothing can be wrong with it
    return sum(_sent(operation, mode, most) for mode in modes)


def _sent(operation: Any, mode: GenerationMode, most: int) -> int:
    sent = 0
    names = NEW if operation.method in ("put", "delete") else [*DOCUMENTS, *NEW]
    # Whether a file can be read is not for the specification to say.
    left_out = [positive_data_acceptance] if operation.method == "put" else []
    # One value in a query is a list of one: what is meant to be wrong with it arrives right.
    left_out += [negative_data_rejection] if operation.path.endswith("/passages") else []

    @hypothesis.seed(20260101)
    @hypothesis.settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(operation.as_strategy(generation_mode=mode), st.sampled_from(["", "", *names]))
    def send(case: Any, name: str) -> None:
        nonlocal sent
        sent += 1
        if name and mode is GenerationMode.POSITIVE and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = name  # names made up at random are never those of documents
        reply = case.call_and_validate(timeout=120, excluded_checks=left_out)
        for secret in SECRETS:
            assert secret not in reply.text or secret in str(case.body), f"{secret} in {reply.text}"

    send()
    return sent


def main(requests: int) -> int:
    """Fuzz everything; returns how many operations broke a promise."""
    with TemporaryDirectory() as folder, ExitStack() as ends, pytest.MonkeyPatch.context() as patch:
        api = started(Path(folder), patch, ends)
        api.caller = CURATOR
        return _all(api, requests)


def _all(api: Api, requests: int) -> int:
    found = operations(api)
    each = -(-requests // (2 * sum(map(takes_something, found))))
    sent = broken = 0
    for operation in found:
        try:
            told = fuzz(operation, each)
            sent += told
            print(f"{operation.label}: {told}", flush=True)
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001  # whatever it is, it is what this looks for
            broken += 1
            print(f"{operation.label}: {_short(str(error))}", flush=True)
    print(f"{sent} requests, {broken} of {len(found)} operations broken")
    return broken


def _short(told: str) -> str:
    return "\n".join(line if len(line) < 600 else f"{line[:400]} … {line[-200:]}" for line in told.splitlines()[:60])


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000) else 0)
