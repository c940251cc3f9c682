"""Schemathesis over the specification: whatever is sent, what comes back is what it says. More of it: fuzz.py."""

from api_served import Api
from fuzz import CURATOR, fuzz, operations


def test_the_specification_is_kept_whatever_is_sent(own: Api) -> None:
    own.caller = CURATOR
    sent = {operation.label: fuzz(operation, 10) for operation in operations(own)}
    assert len(sent) >= 16
    assert all(sent.values())
    assert sum(sent.values()) > 200
