"""Functions and classes of a script, read where they are called."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from teach_mode.formats.playwright.scripts.evaluating import Budget, Evaluating
from teach_mode.formats.playwright.scripts.names import Names, is_page
from teach_mode.formats.playwright.scripts.outside import OURS
from teach_mode.formats.playwright.scripts.telling import Args, Telling, as_text
from teach_mode.formats.playwright.scripts.values import (
    Above,
    Function,
    Items,
    Kind,
    ListOf,
    Number,
    Part,
    Tab,
    Text,
    Thing,
    Unknown,
    Value,
)
from teach_mode.templates import places_in

_MOST_DEEP = 12


class Calling(Evaluating):
    """Reads calls. `names` is what is known of the whole file's names."""

    def __init__(self, tell: Telling, names: Names, budget: Budget) -> None:
        super().__init__(tell, budget)
        self._names = names
        self._within: list[ast.AST] = []

    def run(self, body: Sequence[ast.stmt]) -> Value | None:
        """Statements, one by one; what a `return` among them answers."""
        raise NotImplementedError

    def define(self, body: Sequence[ast.stmt]) -> None:
        """The functions and classes among statements."""
        for node in body:
            if isinstance(node, ast.ClassDef):
                self.scopes[-1][node.name] = Kind(node)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not OURS.fullmatch(node.name):
                self.scopes[-1][node.name] = Function(node)

    def inline(self, function: Function, args: Args) -> Value:
        """A function of the script, read where it is called."""
        node = function.node
        if node in self._within or len(self._within) >= _MOST_DEEP:
            return self.tell.left_out(args, getattr(node, "name", "lambda"), "it calls itself")
        scope = self._bound(function, args)
        self._within.append(node)
        outer = self.scopes
        own = any(isinstance(one, Function) and one.node is node for one in outer[0].values())
        self.scopes = [*(outer[:1] if own or function.of is not None else outer), scope]
        try:
            if isinstance(node, ast.Lambda):
                return self.value(node.body)
            return self.run(node.body) or Number(None)
        finally:
            self.scopes = outer
            self._within.pop()

    def _bound(self, function: Function, args: Args) -> dict[str, Value]:
        """The names of a function's parameters, with what they are given."""
        node, given = function.node, list(args.given)
        if function.of is not None:
            given.insert(0, function.of)
        scope: dict[str, Value] = {}
        plain = [*node.args.posonlyargs, *node.args.args]
        defaults = dict(
            zip([one.arg for one in plain][len(plain) - len(node.args.defaults) :], node.args.defaults, strict=True)
        )
        defaults |= {
            one.arg: default
            for one, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            if default is not None
        }
        for one in [*plain, *node.args.kwonlyargs]:
            if one in plain and given:
                scope[one.arg] = self._given(one.arg, given.pop(0), node)
            elif one.arg in args.named:
                scope[one.arg] = self._given(one.arg, args.named[one.arg], node)
            else:
                scope[one.arg] = self.missing(one, defaults.get(one.arg))
        if node.args.vararg is not None:
            scope[node.args.vararg.arg] = Items(tuple(given))
        return scope

    def _given(self, name: str, value: Value, node: ast.AST) -> Value:
        """What a parameter is given: a text typed somewhere is a parameter of the skill where it is given once."""
        text = as_text(value)
        once = self._names.calls.get(getattr(node, "name", ""), 0) == 1
        if text is None or not once or name not in self._names.typed or (isinstance(value, Text) and value.env):
            return value
        if places_in(text) or not text or text.startswith(("http://", "https://")):
            return value
        return self.tell.variable(name, text)

    def missing(self, one: ast.arg, default: ast.expr | None) -> Value:
        """A parameter that is given nothing: its default, which the skill may change, or else it is asked for."""
        if default is not None:
            value = self.value(default)
            if one.arg in self._names.looped and isinstance(value, (Items, Number)):
                return self._list(one, value)
            text = as_text(value)
            if text == "" or (isinstance(value, Number) and value.value is None):
                return value if isinstance(value, Text) and value.env else self.tell.variable(one.arg, required=False)
            plain = text is not None and not places_in(text) and not text.startswith(("http://", "https://"))
            plain = plain and (isinstance(value, Text) or one.arg in self._names.typed)
            return self.tell.variable(one.arg, text) if plain else value
        if is_page(one):
            self.tell.first_tab = True
            return Tab("")
        if one.arg in ("context", "browser", "playwright", "p"):
            return Part("playwright" if one.arg in ("playwright", "p") else one.arg)  # type: ignore[arg-type]
        if one.arg in self._names.looped:
            return ListOf(self.tell.listed(one.arg))
        if one.arg in self._names.typed or one.arg in self._names.read:
            return self.tell.variable(one.arg)
        return Unknown(f"only running the script would tell what {one.arg!r} is")

    def _list(self, one: ast.arg, value: Items | Number) -> Value:
        """A list that a function is given unless it is called otherwise; a skill has no lists of its own."""
        if isinstance(value, Number) and value.value is not None:
            return value
        given = bool(isinstance(value, Items) and value.items)
        if given:
            self.tell.note(one, f"the values of {one.arg} are asked for: a list of a skill has none of its own", "def")
        return ListOf(self.tell.listed(one.arg, required=given))

    def above(self) -> Value:
        """`super()` within a method."""
        node = self._within[-1] if self._within else None
        me = next(iter(self.scopes[-1].values()), None)
        if not isinstance(me, Thing):
            return Unknown("only running super() would tell")
        line = self.line_of(me.kind)
        at = next((number for number, kind in enumerate(line) if node in kind.node.body), 0)
        return Above(me, tuple(line[at + 1 :]))

    def made(self, kind: Kind, args: Args) -> Value:
        """An object of a class of the script."""
        thing = Thing(kind, {})
        begin = self.method_of(kind, "__init__")
        if isinstance(begin, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.inline(Function(begin, thing), args)
            return thing
        fields = [one for one in kind.node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]
        for number, one in enumerate(fields):  # A dataclass.
            if isinstance(one.target, ast.Name):
                given = args.at(number, one.target.id)
                thing.names[one.target.id] = given or (self.value(one.value) if one.value else Number(None))
        return thing
