"""Which patterns an address fits, and the methods it takes: for the header Allow, and to count requests by route."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class _Address:
    pattern: str
    fits: re.Pattern[str]
    methods: frozenset[str]


class Addresses:
    """The addresses of a specification."""

    def __init__(self, paths: Mapping[str, Mapping[str, Any]]) -> None:
        said = {path: frozenset(method.upper() for method in operations) for path, operations in paths.items()}
        said |= {"/docs": frozenset(["GET"]), "/openapi.json": frozenset(["GET"])}
        narrowest_first = sorted(said, key=lambda path: -len(re.sub(r"{\w+}", "", path)))
        self._all = [_Address(path, _fits(path), said[path]) for path in narrowest_first]

    def methods(self, path: str) -> frozenset[str]:
        """The methods that an address takes; none where there is nothing."""
        return frozenset().union(*(one.methods for one in self._all if one.fits.fullmatch(path)))

    def pattern(self, method: str, path: str) -> str:
        """The pattern of the route that takes a request; "none" where there is none."""
        matching = [one for one in self._all if one.fits.fullmatch(path)]
        return next((one.pattern for one in matching if method in one.methods), "none")


def _fits(path: str) -> re.Pattern[str]:
    """What `{id}` stands for may hold slashes."""
    parts = re.split(r"({\w+})", path)
    return re.compile(
        "".join(".+" if part == "{id}" else "[^/]+" if part[:1] == "{" else re.escape(part) for part in parts),
        re.DOTALL,
    )
