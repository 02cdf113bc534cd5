"""What expressions make of other expressions: texts put together, lists, comparisons. Nothing is executed."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from teach_mode.errors import TemplateError
from teach_mode.formats.playwright.scripts.acting import Acting
from teach_mode.formats.playwright.scripts.expecting import Expecting
from teach_mode.formats.playwright.scripts.telling import MAYBE, MOST_TEXT_CHARS, Args, Telling, as_text, made_text
from teach_mode.formats.playwright.scripts.values import (
    Dialog,
    Fact,
    Items,
    ListOf,
    Method,
    Number,
    Outside,
    Pairs,
    Read,
    Text,
    Unknown,
    Value,
)
from teach_mode.templates import literal, names_in

MOST_ITEMS = 1_000
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.LtE: "<=",
}
_SUMS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_MOST_NUMBER = 10**12

Scope = dict[str, Value]


class Combining:
    """Reads what is made of several. `scopes` are the names that stand for something, the innermost last."""

    def __init__(self, tell: Telling) -> None:
        self.tell = tell
        self.acting = Acting(tell)
        self.expecting = Expecting(self.acting)
        self.scopes: list[Scope] = [{}]

    def value(self, node: ast.expr) -> Value:
        """What an expression stands for."""
        raise NotImplementedError

    def either(self, node: ast.IfExp) -> Value:
        """One or the other: where it is known which, or the answer to a dialog that says certain words."""
        test = self.value(node.test)
        if isinstance(test, Number):
            return self.value(node.body if test.value else node.orelse)
        if isinstance(test, (Text, ListOf)):
            there, without = self.value(node.body), self.value(node.orelse)
            if isinstance(there, Text) and without == Text(""):
                return Text(f"{MAYBE[0]}{there.template}{MAYBE[1]}")
        asked = node.test
        if isinstance(asked, ast.Compare) and isinstance(asked.ops[0], ast.In):
            said, of = as_text(self.value(asked.left)), self.value(asked.comparators[0])
            if said is not None and isinstance(of, Method) and isinstance(of.of, Dialog) and of.name == "message":
                answer = self.value(node.body)
                if self.tell.dialog is not None:
                    self.tell.dialog = replace(self.tell.dialog, message=said)
                return answer
        return Unknown("which of two it is only running the script would tell")

    def spread(self, nodes: list[ast.expr]) -> list[Value]:
        """Several expressions, with what `*` stands before spread out."""
        found: list[Value] = []
        for node in nodes:
            value = self.value(node)
            if isinstance(node, ast.Starred) and isinstance(value, Items):
                found += value.items
            else:
                found.append(value)
        return found

    def pairs(self, node: ast.Dict) -> Value:
        """A dictionary."""
        items = []
        for key, value in zip(node.keys, node.values, strict=True):
            named = as_text(self.value(key)) if key is not None else None
            if named is None:
                return Unknown("its keys are not said in so many words")
            items.append((named, self.value(value)))
        return Pairs(tuple(items))

    def comprehended(self, node: ast.ListComp | ast.GeneratorExp) -> Value:
        """A list made of another one, item by item."""
        over = self.value(node.generators[0].iter)
        target = node.generators[0].target
        if isinstance(over, ListOf) and isinstance(target, ast.Name):
            self.scopes.append({target.id: Text("{" + over.name + "}")})
            each = self.value(node.elt)
            self.scopes.pop()
            return each
        if not isinstance(over, Items) or not isinstance(target, ast.Name):
            return Unknown("only running the script would tell")
        found = []
        for one in over.items:
            self.scopes.append({target.id: one})
            found.append(self.value(node.elt))
            self.scopes.pop()
        return Items(tuple(found))

    def joined(self, node: ast.JoinedStr) -> Value:
        """An f-string."""
        parts, site = [], None
        for number, one in enumerate(node.values):
            if isinstance(one, ast.FormattedValue) and one.format_spec is not None:
                return Unknown("it is written in a way of its own")
            value = self.value(one)
            text = self.written(value)
            if text is None:
                why = value.why if isinstance(value, Unknown) else "a part of it is no text"
                if number:
                    return Unknown(why)
                site = why
                continue
            parts.append(text)
        whole = "".join(parts)
        return text_of(whole) if site is None else Unknown(site, path=whole if whole.startswith("/") else "")

    def written(self, value: Value) -> str | None:
        """A value within a text, a template; None: it is none."""
        if isinstance(value, Text) and value.env:
            return self.tell.variable(value.env, value.template or None).template
        if isinstance(value, ListOf):
            return "{" + value.name + "}"
        if isinstance(value, Read) and value.what in ("text", "value"):
            kept = self.acting.keep(value, "text", Args(ast.Pass()))
            return as_text(kept)
        return value.template if isinstance(value, Text) else as_text(value)

    def subscript(self, node: ast.Subscript) -> Value:
        """`items[0]`, `environ["NAME"]`."""
        of, at = self.value(node.value), self.value(node.slice)
        key = as_text(at)
        if isinstance(of, Outside) and of.name in ("os.environ", "environ") and key is not None:
            return Text("", env=key)
        if isinstance(of, Pairs) and key is not None:
            return dict(of.items).get(key, Unknown(f"there is no {key!r} in it"))
        number = at.value if isinstance(at, Number) else None
        if isinstance(of, Items) and isinstance(number, int) and -len(of.items) <= number < len(of.items):
            return of.items[number]
        return Unknown("only running the script would tell")

    def binary(self, node: ast.BinOp) -> Value:
        """A sum or the like."""
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(node.op, ast.Div) and isinstance(right, Text):
            return right  # A path: the name of its file is what counts.
        if isinstance(left, Number) and isinstance(right, Number) and type(node.op) in _SUMS:
            one, other = left.value or 0, right.value or 0
            if max(abs(one), abs(other)) < _MOST_NUMBER:
                return Number(_SUMS[type(node.op)](one, other))
        if isinstance(node.op, ast.Add):
            if isinstance(left, Items) and isinstance(right, Items):
                return listed([*left.items, *right.items])
            first, second = self.written(left), self.written(right)
            if first is not None and second is not None:
                return text_of(first + second)
            if first is None and second is not None and second.startswith("/"):
                return Unknown("where it is only running the script would tell", path=second)
        return Unknown("only running the script would tell")

    def compare(self, node: ast.Compare) -> Value:
        """A comparison."""
        left, right = self.value(node.left), self.value(node.comparators[0])
        how = _OPERATORS[type(node.ops[0])]
        if isinstance(left, Outside) and left.name == "__name__":
            return Number(as_text(right) == "__main__")
        found = self.expecting.compared(left, how, right, Args(node))
        if found is not None:
            return found
        return Unknown("whether it is so only running the script would tell")

    def unary(self, node: ast.UnaryOp) -> Value:
        """`not`, and a minus."""
        value = self.value(node.operand)
        if isinstance(node.op, ast.USub) and isinstance(value, Number):
            return Number(-(value.value or 0))
        if isinstance(node.op, ast.Not):
            if isinstance(value, Number):
                return Number(not value.value)
            if isinstance(value, Fact) and value.denied is not None:
                return Fact(value.tab, value.denied, value.condition)
        return Unknown("a skill cannot ask for the contrary")


def constant(value: object) -> Value:
    """A literal."""
    if isinstance(value, str):
        return text_of(literal(value))
    if value is None or isinstance(value, (bool, int, float)):
        return Number(value)
    return Unknown("it is neither a text nor a number")


def listed(items: list[Value]) -> Value:
    """A list, if it is not too long."""
    return Items(tuple(items)) if len(items) <= MOST_ITEMS else Unknown(f"it has more than {MOST_ITEMS:,} items")


def text_of(template: str) -> Value:
    """A template as a text, if it is one."""
    if len(template) > MOST_TEXT_CHARS:
        return made_text(template)
    try:
        names_in(template)
    except TemplateError as error:
        return Unknown(str(error))
    return made_text(template)
