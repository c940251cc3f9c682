"""YAML whose mappings and lists know the lines of their parts; a key twice, and what people trip over, is refused."""

from typing import Any

import yaml

_HINTS = (  # part of what the parser says -> what to do
    ("mapping values are not allowed", "a text with a colon in it must stand in quotes"),
    ("cannot start any token", "indent with spaces, not tabs, and put a text that starts with @, ` or % in quotes"),
    ("expected <block end>", "lines that belong together start in the same column"),
    ("did not find expected", "close every bracket and quotation mark, and start lines of one list in one column"),
    ("found unexpected end of stream", "close the quotation mark"),
    ("undefined alias", "a text that starts with * must stand in quotes; an alias needs its &name further up"),
)


class Refused(Exception):
    """Something on a line is not as it should be."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line, reason)
        self.line, self.reason = line, reason


class Mapped(dict[Any, Any]):
    """A mapping that knows on which line it starts, and each of its keys and values."""

    def __init__(self) -> None:
        super().__init__()
        self.line = 1
        self.keys_on: dict[Any, int] = {}
        self.values_on: dict[Any, int] = {}

    def line_of(self, key: str) -> int:
        """The line of a key's value; where there is no such key, of the mapping."""
        return self.values_on.get(key, self.line)


class Listed(list[Any]):
    """A list that knows the line of each of its items."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


class _Loader(yaml.SafeLoader):
    """Safe YAML, made of the two above."""


def _mapped(loader: _Loader, node: yaml.MappingNode) -> Mapped:
    mapped = Mapped()
    mapped.line = node.start_mark.line + 1
    loader.flatten_mapping(node)
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise Refused(line, f"the key {key!r} is no text; put it in quotes")
        if key in mapped:
            raise Refused(line, f"the key {key!r} stands twice (first on line {mapped.keys_on[key]}); remove one")
        mapped[key] = loader.construct_object(value_node, deep=True)
        mapped.keys_on[key], mapped.values_on[key] = line, max(line, value_node.start_mark.line + 1)
    return mapped


def _listed(loader: _Loader, node: yaml.SequenceNode) -> Listed:
    listed = Listed()
    for item in node.value:
        listed.append(loader.construct_object(item, deep=True))
        listed.lines.append(item.start_mark.line + 1)
    return listed


_Loader.add_constructor("tag:yaml.org,2002:map", _mapped)
_Loader.add_constructor("tag:yaml.org,2002:seq", _listed)


def parsed(text: str) -> Any:
    """What a YAML text holds.

    Raises:
        Refused: it is no YAML, or a key stands twice.
    """
    try:
        return yaml.load(text, Loader=_Loader)  # a SafeLoader
    except yaml.YAMLError as error:
        problem = str(getattr(error, "problem", None) or error)
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        remedy = next((hint for part, hint in _HINTS if part in problem), "mend it")
        raise Refused(mark.line + 1 if mark else 1, f"it is not YAML ({problem}); {remedy}") from None
    except RecursionError:
        raise Refused(1, "it is nested too deeply; write it flat") from None
