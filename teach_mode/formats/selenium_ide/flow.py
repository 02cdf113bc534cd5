"""The blocks of a test: which commands stand in an `if` or a loop. Unbalanced ones are mended, and told. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from teach_mode.formats.selenium_ide.schema import Command

MOST_DEPTH = 20
Kind = Literal["if", "forEach", "times", "while", "do"]
_OPENERS: dict[str, Kind] = {"if": "if", "forEach": "forEach", "times": "times", "while": "while", "do": "do"}
CONTROL = frozenset((*_OPENERS, "elseIf", "else", "end", "repeatIf"))


class Branch(Struct, frozen=True):
    """One way of a block: the command that begins it, and what is done then."""

    head: Command
    body: tuple[Node, ...]


class Block(Struct, frozen=True):
    """An `if` with its branches, or a loop, which has one. `last` is what ends it: `end`, or a `do`'s `repeatIf`."""

    kind: Kind
    branches: tuple[Branch, ...]
    last: Command | None


Node = Command | Block


class Trouble(Struct, frozen=True):
    """A command of a block that does not fit."""

    command: Command
    words: str


class _Open:
    def __init__(self, kind: Kind, head: Command) -> None:
        self.kind = kind
        self.branches: list[Branch] = []
        self.head = head
        self.body: list[Node] = []

    def turn(self, head: Command) -> None:
        self.branches.append(Branch(self.head, tuple(self.body)))
        self.head, self.body = head, []

    def closed(self, last: Command | None) -> Block:
        return Block(self.kind, (*self.branches, Branch(self.head, tuple(self.body))), last)


def tree_of(commands: Sequence[Command]) -> tuple[tuple[Node, ...], tuple[Trouble, ...]]:
    """The commands in their blocks, and what did not fit. Raises ValueError when they nest too deep."""
    troubles: list[Trouble] = []
    top: list[Node] = []
    stack: list[_Open] = []
    for command in commands:
        body = stack[-1].body if stack else top
        name = "" if command.off else command.command
        if name in _OPENERS:
            if len(stack) == MOST_DEPTH:
                raise ValueError(f"line {command.line}: blocks are nested more than {MOST_DEPTH} deep")
            stack.append(_Open(_OPENERS[name], command))
        elif name in ("elseIf", "else"):
            if stack and stack[-1].kind == "if" and stack[-1].head.command != "else":
                stack[-1].turn(command)
            else:
                troubles.append(Trouble(command, f"{name} stands outside of an if"))
        elif name in ("end", "repeatIf"):
            if stack and (stack[-1].kind == "do") == (name == "repeatIf"):
                block = stack.pop().closed(command)
                (stack[-1].body if stack else top).append(block)
            else:
                troubles.append(Trouble(command, f"{name} ends a block that was not begun"))
        else:
            body.append(command)
    while stack:
        open_block = stack.pop()
        first = open_block.branches[0].head if open_block.branches else open_block.head
        troubles.append(Trouble(first, f"{first.command} has no end; it is taken to go on to the end of the test"))
        (stack[-1].body if stack else top).append(open_block.closed(None))
    return tuple(top), tuple(troubles)


def commands_in(nodes: Sequence[Node]) -> tuple[Command, ...]:
    """All commands of these nodes, those that make blocks too, in the order of the file."""
    found: list[Command] = []
    for node in nodes:
        if isinstance(node, Block):
            for branch in node.branches:
                found += [branch.head, *commands_in(branch.body)]
            found += [node.last] if node.last is not None else []
        else:
            found.append(node)
    return tuple(found)
