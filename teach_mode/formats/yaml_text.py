"""YAML of another tool as plain data, with the line that each mapping begins on, within the limits of `source.py`.

What makes YAML dangerous is refused by name: anchors and aliases (a few bytes that mean gigabytes), tags (which may
name code), several documents.
"""

from __future__ import annotations

from typing import Any

import yaml

from teach_mode.errors import ImportRefused
from teach_mode.formats.source import MOST_DEPTH, MOST_NODES, Located, Source

MOST_CHARS = 500_000
_PLAIN_TAGS = frozenset(("!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"))
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(source: Source) -> Any:
    """The one document of a file; every mapping in it is a `Located`. Raises ImportRefused."""
    text = source.text
    if len(text) > MOST_CHARS:
        raise ImportRefused(f"{source.called} has {len(text):,} letters, and {MOST_CHARS:,} are the most for YAML")
    reader = _Reader(source)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            reader.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
        line = mark.line + 1 if mark is not None else 0
        raise ImportRefused(f"{source.called} is not YAML: {reason}", line=line) from error
    if not reader.found:
        raise ImportRefused(f"{source.called} is empty")
    return reader.found[0]


class _Reader:
    """Events into data. `open` holds the collections that are not closed yet, a mapping with the key that waits."""

    def __init__(self, source: Source) -> None:
        self.found: list[Any] = []
        self._called = source.called
        self._resolver: Any = yaml.SafeLoader("")
        self._open: list[tuple[Located | list[Any], list[Any]]] = []
        self._nodes = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark is not None else 0
        if isinstance(event, yaml.DocumentStartEvent) and self.found:
            raise ImportRefused(f"{self._called} holds several YAML documents; divide it into files", line=line)
        if isinstance(event, yaml.NodeEvent):
            self._refuse(event, line)
        if isinstance(event, yaml.ScalarEvent):
            self._put(self._scalar(event), line)
        elif isinstance(event, yaml.MappingStartEvent):
            mapping = Located()
            mapping.line = line
            self._begin(mapping, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin([], line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._open.pop()

    def _refuse(self, event: yaml.NodeEvent, line: int) -> None:
        if event.anchor is not None:
            raise ImportRefused(f"{self._called}: an anchor or alias of YAML, which is not read", line=line)
        tag = getattr(event, "tag", None)
        if tag is not None and tag not in _PLAIN_TAGS:
            raise ImportRefused(f"{self._called}: the YAML tag {tag[:80]!r}, which is not read", line=line)
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise ImportRefused(f"{self._called} has more than {MOST_NODES:,} parts", line=line)

    def _begin(self, collection: Located | list[Any], line: int) -> None:
        self._put(collection, line)
        self._open.append((collection, []))
        if len(self._open) > MOST_DEPTH:
            raise ImportRefused(f"{self._called}: nested more than {MOST_DEPTH} deep", line=line)

    def _put(self, value: Any, line: int) -> None:
        if not self._open:
            self.found.append(value)
            return
        collection, key = self._open[-1]
        if isinstance(collection, list):
            collection.append(value)
        elif not key:
            if isinstance(value, (dict, list)):
                raise ImportRefused(f"{self._called}: a key of YAML that is no plain word", line=line)
            key.append(str(value))
        else:
            collection[key.pop()] = value

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        """A plain word as what it means in JSON; what is quoted is text, and so is a date."""
        text: str = event.value
        if event.style or not event.implicit[0]:
            return text
        meant = self._resolver.resolve(yaml.ScalarNode, text, (True, False)).rpartition(":")[2]
        if meant == "null":
            return None
        if meant == "bool":
            return text.lower() in ("yes", "true", "on")
        try:
            return int(text) if meant == "int" else float(text) if meant == "float" else text
        except ValueError:  # other bases, sexagesimal numbers, infinity by another name
            return text
