"""What a script does with its names as a whole: which are typed, gone through, compared; how often what is called."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

_TYPING = frozenset(("fill", "type", "press_sequentially", "insert_text", "select_option"))


class Names(Struct, kw_only=True):
    """Of a whole file. `typed`: into fields. `looped`: gone through by `for`. `read`: within texts. `compared`: only
    asked about by `assert` and `if`. `calls`: how often each function is called."""

    typed: set[str] = field(default_factory=set)
    looped: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    compared: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)


def names_of(module: ast.Module) -> Names:
    """What is known of the names of a file."""
    found = Names()
    said: set[str] = set()
    for node in ast.walk(module):
        match node:
            case ast.Call():
                _called(node, found)
                said |= {name for one in (*node.args, *(one.value for one in node.keywords)) for name in _loaded(one)}
            case ast.FormattedValue():
                said |= set(_loaded(node.value))
                found.read |= {node.value.id} if isinstance(node.value, ast.Name) else set()
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                found.looped |= _gone_through(node.iter)
            case ast.Assert() | ast.If():
                found.compared |= set(_loaded(node.test))
    found.compared -= said
    return found


def _called(node: ast.Call, found: Names) -> None:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    found.calls[name] += 1
    if name in _TYPING:
        found.typed |= {one for given in node.args for one in _loaded(given)}
        found.typed |= {one for given in node.keywords for one in _loaded(given.value)}
        # Of an object's own: `self.name`, `user.name`.
        attributes = (one for given in node.args for one in ast.walk(given) if isinstance(one, ast.Attribute))
        found.typed |= {one.attr for one in attributes}


def _gone_through(node: ast.expr) -> set[str]:
    """The names of lists in what a `for` goes through: `names`, `enumerate(names)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("enumerate", "list", "zip"):
        return {name for one in node.args for name in _gone_through(one)}
    return {node.id} if isinstance(node, ast.Name) else set()


def _loaded(node: ast.AST) -> Iterator[str]:
    return (one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def called_in(node: ast.AST) -> str:
    """The name of the outermost call in a statement or an expression; "" where nothing is called."""
    for one in ast.walk(node):
        if isinstance(one, ast.Call):
            return one.func.attr if isinstance(one.func, ast.Attribute) else getattr(one.func, "id", "") or "call"
    return ""


def is_page(one: ast.arg) -> bool:
    """Whether a parameter is a page, by its name or what is written of its type."""
    kind = one.annotation
    if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
        return kind.value.rpartition(".")[2] == "Page"
    said = kind.attr if isinstance(kind, ast.Attribute) else getattr(kind, "id", "")
    return said == "Page" or one.arg in ("page", "pg", "tab")


def breaks(body: Sequence[ast.AST]) -> bool:
    """Whether a loop of these statements may end before it has gone through everything."""
    for node in body:
        if isinstance(node, ast.Break):
            return True
        inner = (
            () if isinstance(node, (ast.For, ast.AsyncFor, ast.While, ast.FunctionDef)) else ast.iter_child_nodes(node)
        )
        if breaks([one for one in inner if isinstance(one, (ast.stmt, ast.ExceptHandler))]):
            return True
    return False


def fails(handler: ast.ExceptHandler) -> bool:
    """Whether what is done about an error is to fail all the same."""
    said = {"fail", "exit", "abort"}
    return any(
        isinstance(one, (ast.Raise, ast.Assert)) or (isinstance(one, ast.Call) and called_in(one) in said)
        for one in ast.walk(handler)
    )
