"""What the expressions of a script stand for. Calls on pages and elements become steps; nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from teach_mode.errors import ImportRefused
from teach_mode.formats.playwright.scripts.combining import Combining, constant, listed
from teach_mode.formats.playwright.scripts.locating import LOCATORS, PROPERTIES, picked
from teach_mode.formats.playwright.scripts.outside import outside_call, text_method
from teach_mode.formats.playwright.scripts.paging import Paging
from teach_mode.formats.playwright.scripts.telling import Args, Telling
from teach_mode.formats.playwright.scripts.values import (
    Above,
    Awaited,
    Dialog,
    Download,
    Element,
    Expected,
    Function,
    Items,
    Kind,
    ListOf,
    Method,
    Number,
    Outside,
    Pairs,
    Part,
    Read,
    Tab,
    Text,
    Thing,
    Unknown,
    Value,
)

# How many expressions of a script are read, functions each time they are called.
MOST_READ = 40_000
_MOST_CLASSES = 20
_TYPES = frozenset(("chromium", "firefox", "webkit"))


class Budget:
    """How much of a file may still be read, shared by all its tests."""

    def __init__(self) -> None:
        self.left = MOST_READ

    def take(self, node: ast.AST) -> None:
        """One expression more. Raises ImportRefused."""
        self.left -= 1
        if self.left < 0:
            line = int(getattr(node, "lineno", 0))
            raise ImportRefused("the script calls its functions too often to be read; divide it", line=line)


class Evaluating(Combining):
    """Reads expressions. `scopes` are the names that stand for something, the innermost last."""

    def __init__(self, tell: Telling, budget: Budget) -> None:
        super().__init__(tell)
        self.paging = Paging(self.acting)
        self._budget = budget

    def inline(self, function: Function, args: Args) -> Value:
        """A function of the script is called; what it answers."""
        raise NotImplementedError

    def made(self, kind: Kind, args: Args) -> Value:
        """An object of a class of the script."""
        raise NotImplementedError

    def above(self) -> Value:
        """`super()` within a method."""
        raise NotImplementedError

    def line_of(self, kind: Kind) -> list[Kind]:
        """A class and those that it is made of, the nearest first."""
        found: list[Kind] = []
        waiting = [kind]
        while waiting and len(found) < _MOST_CLASSES:
            one = waiting.pop(0)
            if all(one.node is not other.node for other in found):
                found.append(one)
                waiting += [above for base in one.node.bases if isinstance(above := self.value(base), Kind)]
        return found

    def method_of(self, kind: Kind, name: str) -> ast.stmt | None:
        """What a class or one that it is made of says of a name."""
        return self._in_line(self.line_of(kind), name)

    def _in_line(self, line: Sequence[Kind], name: str) -> ast.stmt | None:
        for kind in line:
            for one in kind.node.body:
                if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) and one.name == name:
                    return one
                if isinstance(one, ast.Assign) and any(
                    isinstance(to, ast.Name) and to.id == name for to in one.targets
                ):
                    return one
        return None

    def lookup(self, name: str) -> Value:
        """What a name stands for."""
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return Outside(name)

    def value(self, node: ast.expr) -> Value:
        """What an expression stands for."""
        self._budget.take(node)
        match node:
            case ast.Constant():
                return constant(node.value)
            case ast.Name():
                return self.lookup(node.id)
            case ast.Await() | ast.Starred() | ast.FormattedValue():
                return self.value(node.value)
            case ast.Attribute():
                return self._attribute(self.value(node.value), node.attr, node)
            case ast.Call():
                return self._call(node)
            case ast.JoinedStr():
                return self.joined(node)
            case ast.List() | ast.Tuple() | ast.Set():
                return listed(self.spread(node.elts))
            case ast.Dict():
                return self.pairs(node)
            case ast.Subscript():
                return self.subscript(node)
            case ast.BinOp():
                return self.binary(node)
            case ast.Compare() if len(node.ops) == 1:
                return self.compare(node)
            case ast.UnaryOp():
                return self.unary(node)
            case ast.Lambda():
                return Function(node)
            case ast.IfExp():
                return self.either(node)
            case ast.NamedExpr():
                found = self.value(node.value)
                self.scopes[-1][node.target.id] = found
                return found
            case ast.ListComp() | ast.GeneratorExp() if len(node.generators) == 1 and not node.generators[0].ifs:
                return self.comprehended(node)
            case _:
                return Unknown("only running the script would tell")

    def _attribute(self, of: Value, name: str, node: ast.expr) -> Value:
        match of:
            case Outside():
                return Outside(f"{of.name}.{name}")
            case Tab() if name == "url":
                return Read("url", of.name)
            case Tab() if name in ("keyboard", "mouse", "request", "clock"):
                return Part(name, of.name)  # type: ignore[arg-type]
            case Tab() if name == "context":
                return Part("context", of.name)
            case Tab() if name == "main_frame":
                return of
            case Element() if name in PROPERTIES:
                return picked(of, name)
            case Element() if name == "page":
                return Tab(of.tab)
            case Part() if name in ("tracing", "request", "clock"):
                return Part(name)  # type: ignore[arg-type]
            case Part() if name in _TYPES:
                return Part("type")
            case Part() if name == "browser":
                return Part("browser")
            case Part() if name == "devices":
                return Unknown("the settings of a device")
            case Part() if name == "pages":
                tabs = [Tab(""), *(Tab(f"page{number + 1}") for number in range(self.tell.tabs))]
                return Items(tuple(tabs))
            case Awaited() if name == "value":
                return self.paging.value_of(of, node)
            case Download() if name in ("suggested_filename", "url"):
                return Text("{" + of.name + "}")
            case Thing():
                return self._of_thing(of, name, node)
            case Above():
                defined = self._in_line(of.kinds, name)
                if isinstance(defined, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    return Function(defined, of.thing)
                return Method(of, name)
            case Kind():
                found = self.method_of(of, name)
                return self.value(found.value) if isinstance(found, ast.Assign) else Method(of, name)
            case Unknown():
                return of
            case _:
                return Method(of, name)

    def _of_thing(self, of: Thing, name: str, node: ast.expr) -> Value:
        if name in of.names:
            return of.names[name]
        found = self.method_of(of.kind, name)
        if isinstance(found, ast.Assign):
            return self.value(found.value)
        if not isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return Unknown(f"nothing in the script says what {name!r} is")
        function = Function(found, of)
        if any(isinstance(one, ast.Name) and one.id in ("property", "cached_property") for one in found.decorator_list):
            return self.inline(function, Args(node))
        return function

    def args(self, node: ast.Call) -> Args:
        """What a call is given."""
        named: dict[str, Value] = {}
        for one in node.keywords:
            value = self.value(one.value)
            if one.arg is not None:
                named[one.arg] = value
            elif isinstance(value, Pairs):
                named |= dict(value.items)
            else:
                named["device"] = value
        return Args(node, tuple(self.spread(node.args)), named)

    def _call(self, node: ast.Call) -> Value:
        function = self.value(node.func)
        if isinstance(function, Method) and isinstance(function.of, Tab) and function.name in ("on", "once"):
            return self._hears(function.of, function.name, node)
        args = self.args(node)
        match function:
            case Function():
                return self.inline(function, args)
            case Kind():
                return self.made(function, args)
            case Method():
                return self.called(function, args)
            case Outside() if function.name == "super":
                return self.above()
            case Outside():
                return outside_call(function.name, args, self.tell)
            case Unknown():
                return function
            case _:
                return Unknown("what is called here is no function")

    def _hears(self, of: Tab, method: str, node: ast.Call) -> Value:
        """`page.once("dialog", lambda dialog: dialog.accept())`: the handler says how it is answered."""
        args = self.args(node)
        heard = self.paging.call(of, method, args)
        handler = args.at(1, "f")
        if not isinstance(heard, Dialog):
            return heard
        self.tell.steps += 1
        if isinstance(handler, Function):
            self.inline(handler, Args(node, (heard,)))
        if self.tell.dialog is None:
            self.tell.note(node, "how it answers is not said in so many words, so that dialogs get a no", "dialog")
        elif method == "on":
            self.tell.note(node, "the answer is given to the dialog of the next step alone", "dialog")
        return Number(None)

    def called(self, method: Method, args: Args) -> Value:
        """A method of something is called."""
        of, name = method.of, method.name
        match of:
            case Tab():
                return self.paging.call(of, name, args)
            case Element():
                return self.paging.element(of, name, args) if name in LOCATORS else self.acting.call(of, name, args)
            case Part():
                return self.paging.of_part(of, name, args)
            case Expected():
                return self.expecting.call(of.of, name, args)
            case Awaited():
                return self.paging.of_awaited(of, name, args)
            case Download():
                return self.paging.of_download(of, name, args)
            case Above() if name == "__init__":
                return Number(None)
            case Dialog() if name in ("accept", "dismiss"):
                return self.paging.answered(args, name)
            case Read() if name in ("startswith", "endswith", "__contains__"):
                found = self.expecting.compared(of, name, args.at(0) or Number(None), args)
                return found or Unknown("a skill cannot ask for this")
            case Read() if name in ("strip", "lower", "upper"):
                return of
            case Kind():
                defined = self.method_of(of, name)
                if isinstance(defined, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    return self.inline(Function(defined), args)
            case Text() | Items() | Pairs() | ListOf():
                return text_method(of, name, args)
        return Unknown(f"only running {name}() would tell")
