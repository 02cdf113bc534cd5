"""A script as skills: one for each test, or one for what the script does when it is run. It is parsed, never run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from pathlib import PurePath

from msgspec.structs import replace

from teach_mode.errors import ImportRefused
from teach_mode.formats.assembling import Assembly
from teach_mode.formats.playwright.scripts.evaluating import Budget
from teach_mode.formats.playwright.scripts.flow import Flow
from teach_mode.formats.playwright.scripts.names import Names, is_page, names_of
from teach_mode.formats.playwright.scripts.telling import Args, Telling, as_text
from teach_mode.formats.playwright.scripts.values import Function, Items, Kind, Part, Tab, Text, Thing, Unknown, Value
from teach_mode.formats.reports import Imported, Note
from teach_mode.formats.source import Source

TOOL = "Playwright for Python"
MOST_CHARS = 300_000
# Words and signs of a script.
MOST_TOKENS = 60_000
MOST_DEPTH = 60
MOST_TESTS = 60
# What codegen calls every test.
_CODEGEN_TITLE = "example"
_TOKEN = re.compile(r"\w+|[^\w\s]")
_ABOUT_PAGES = re.compile(r"\bplaywright\b|\bpage\s*\.\s*(?:goto|get_by_|locator|click|fill)")

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
Definition = ast.FunctionDef | ast.AsyncFunctionDef


def recognises(source: Source) -> bool:
    """Whether a file looks like a script that uses Playwright."""
    text = source.text
    if text.lstrip()[:1] in ("{", "["):
        return False
    return (
        _ABOUT_PAGES.search(text) is not None
        and re.search(r"^\s*(?:import|from|async def|def|with)\b", text, re.M) is not None
    )


def read(source: Source, base: str = "") -> tuple[Imported, ...]:
    """The skills of a script; `base` is the site's address where it names none. Raises ImportRefused."""
    module = _parsed(source)
    names, budget = names_of(module), Budget()
    found: list[Imported] = []
    refused: list[tuple[str, int, ImportRefused]] = []
    tests: list[_Test | None] = [*_tests(module)]
    for test in tests[:MOST_TESTS] or [None]:
        stem = PurePath(source.filename).stem or "script"
        title = test.title if test is not None and test.title != _CODEGEN_TITLE else stem
        try:
            found.append(_Reading(module, names, budget, title, base).read(test))
        except ImportRefused as error:
            refused.append((title, error.line or (test.node.lineno if test is not None else 0), error))
    if not found:
        raise refused[0][2]
    notes = tuple(Note(line=line, step=title, words=f"left out: {error}") for title, line, error in refused)
    for further in tests[MOST_TESTS:][:1]:
        words = f"of {len(tests)} tests the first {MOST_TESTS} are read; divide the file"
        notes += (Note(line=further.node.lineno if further is not None else 0, step="", words=words),)
    return (replace(found[0], notes=found[0].notes + notes), *found[1:])


def _parsed(source: Source) -> ast.Module:
    """The script's tree. Raises ImportRefused."""
    text = source.text
    if len(text) > MOST_CHARS:
        raise ImportRefused(f"{source.called} has more than {MOST_CHARS:,} characters; divide the script")
    _refuse_large(text, source.called)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # What Python thinks of its style is not our business.
            return ast.parse(text)
    except SyntaxError as error:
        raise ImportRefused(f"{source.called} is not Python: {error.msg}", line=error.lineno or 0) from error
    except (ValueError, MemoryError, RecursionError) as error:
        raise ImportRefused(f"{source.called} is not Python that can be read: {str(error) or 'too deep'}") from error


def _refuse_large(text: str, called: str) -> None:
    depth = 0
    for tokens, match in enumerate(_TOKEN.finditer(text)):
        depth += (match[0] in "([{") - (match[0] in ")]}")
        if depth > MOST_DEPTH or tokens > MOST_TOKENS:
            line = text.count("\n", 0, match.start()) + 1
            what = f"is nested more than {MOST_DEPTH} deep" if depth > MOST_DEPTH else "is too long; divide the script"
            raise ImportRefused(f"{called}: line {line} {what}", line=line)


class _Test:
    """A test function, or what is read in its place, and the class that it stands in."""

    def __init__(self, node: Definition, of: ast.ClassDef | None) -> None:
        self.node = node
        self.of = of

    @property
    def title(self) -> str:
        """What it is called, in words."""
        name = self.node.name.removeprefix("test_").removeprefix("test").replace("_", " ").strip()
        return name or self.node.name


def _tests(module: ast.Module) -> list[_Test]:
    """The tests of a file; where it has none and calls nothing by itself, its functions of a page."""
    found: list[_Test] = []
    for node in module.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
            found.append(_Test(node, None))
        elif isinstance(node, ast.ClassDef):
            inner = [one for one in node.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]
            found += [_Test(one, node) for one in inner if one.name.startswith("test")]
    if found or any(_runs(node) for node in module.body):
        return found
    functions = [one for one in module.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]
    called = {one.func.id for one in ast.walk(module) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}
    mine = [one for one in functions if any(map(_is_given_pages, one.args.args)) and not _fixture(one)]
    return [_Test(one, None) for one in mine if one.name not in called]


def _is_given_pages(one: ast.arg) -> bool:
    return is_page(one) or one.arg in ("playwright", "browser", "context")


def _runs(node: ast.stmt) -> bool:
    """Whether a statement of the module does something."""
    if isinstance(node, (ast.With, ast.AsyncWith, ast.If, ast.For, ast.Try)):
        return True
    return isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)


def _decorators(node: Definition) -> Iterator[tuple[str, ast.Call | None]]:
    for one in node.decorator_list:
        call = one if isinstance(one, ast.Call) else None
        named = call.func if call else one
        yield (named.attr if isinstance(named, ast.Attribute) else getattr(named, "id", "")), call


def _fixture(node: Definition) -> bool:
    return any(name == "fixture" for name, _ in _decorators(node))


def _is_automatic(node: Definition) -> bool:
    calls = [call for name, call in _decorators(node) if name == "fixture" and call is not None]
    return any(one.arg == "autouse" for call in calls for one in call.keywords)


def _base_of(module: ast.Module) -> str:
    """The site's address that a file's own `browser_context_args` gives to pytest, if it does."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name == "browser_context_args":
            for one in ast.walk(node):
                if isinstance(one, ast.Dict):
                    pairs = zip(one.keys, one.values, strict=True)
                    said = {key.value: value for key, value in pairs if isinstance(key, ast.Constant)}
                    url = said.get("base_url")
                    if isinstance(url, ast.Constant) and isinstance(url.value, str):
                        return url.value
    return ""


class _Reading:
    """Reads one test, or the script as a whole."""

    def __init__(self, module: ast.Module, names: Names, budget: Budget, title: str, base: str) -> None:
        self._module = module
        self._base = base = base or _base_of(module)
        self._tell = Telling(Assembly(title, tool=TOOL, base=base))
        self._flow = Flow(self._tell, names, budget)
        self._fixtures: dict[str, Value] = {}

    def read(self, test: _Test | None) -> Imported:
        """The skill. Raises ImportRefused."""
        self._flow.define(self._module.body)
        rest = [one for one in self._module.body if not isinstance(one, _DEFINITIONS)]
        self._flow.run(rest if test is None else [one for one in rest if not _runs(one)])
        if test is not None:
            self._take(test)
        self._flow.finish()
        said = self._tell.read_back[-1] if self._tell.read_back else ""
        for extra in self._tell.read_back[:-1]:
            self._tell.made.note(f"not said at the end: {extra[:80]!r}")
        try:
            return self._tell.made.finish(steps=self._tell.steps, read_back=said)
        except ImportRefused as error:
            first = self._tell.first_note
            if first is None or error.line:
                raise
            raise ImportRefused(f"{error} (line {first[0]}: {first[1]})", line=first[0]) from error

    def _take(self, test: _Test) -> None:
        thing = Thing(Kind(test.of), {}) if test.of is not None else None
        for name in ("setUp", "asyncSetUp", "setup_method"):
            begin = self._flow.method_of(thing.kind, name) if thing is not None else None
            if isinstance(begin, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._call(begin, thing, {})
        for fixture in (*self._module.body, *(test.of.body if test.of else ())):
            if isinstance(fixture, (ast.FunctionDef, ast.AsyncFunctionDef)) and _is_automatic(fixture):
                self._fixture(fixture, thing if fixture in (test.of.body if test.of else ()) else None)
        self._call(test.node, thing, self._parametrized(test))

    def _call(self, node: Definition, thing: Thing | None, known: dict[str, Value]) -> Value:
        given: dict[str, Value] = {}
        for one in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs][thing is not None :]:
            value = known.get(one.arg) or self._asked(one, thing)
            if value is not None:
                given[one.arg] = value
        return self._flow.inline(Function(node, thing), Args(node, (), given))

    def _asked(self, one: ast.arg, thing: Thing | None) -> Value | None:
        """What pytest gives to a parameter of this name; None: nothing, so that its default counts."""
        for body in (self._module.body, thing.kind.node.body if thing is not None else []):
            for fixture in body:
                if not isinstance(fixture, (ast.FunctionDef, ast.AsyncFunctionDef)) or not _fixture(fixture):
                    continue
                if fixture.name == one.arg:
                    return self._fixture(fixture, thing if body is not self._module.body else None)
        if is_page(one):
            self._tell.first_tab = True
            return Tab("")
        if one.arg in ("context", "browser", "playwright"):
            return Part(one.arg)  # type: ignore[arg-type]
        if one.arg == "base_url":
            return Text(self._base) if self._base else Unknown("the site's address is given when the test is run")
        return None

    def _fixture(self, node: Definition, thing: Thing | None) -> Value:
        if node.name not in self._fixtures:
            self._fixtures[node.name] = Unknown("it asks for itself")
            self._fixtures[node.name] = self._call(node, thing, {})
        return self._fixtures[node.name]

    def _parametrized(self, test: _Test) -> dict[str, Value]:
        """The first values that a test is run with, each a parameter of the skill."""
        known: dict[str, Value] = {}
        for name, call in _decorators(test.node):
            if name != "parametrize" or call is None or len(call.args) < 2:
                continue
            asked = self._flow.value(call.args[0])
            text = as_text(asked)
            named = [one.strip() for one in text.split(",")] if text else [as_text(one) or "" for one in _items(asked)]
            rows = _items(self._flow.value(call.args[1]))
            first = rows[0] if rows else Unknown("there are no values")
            values = _items(first) if len(named) > 1 else (first,)
            for one, value in zip(named, values, strict=False):
                said = as_text(value)
                known[one] = self._tell.variable(one, said) if said else value
            if len(rows) > 1:
                self._tell.note(call, f"of {len(rows)} sets of values the first is the default", "parametrize")
        return known


def _items(value: Value) -> tuple[Value, ...]:
    return value.items if isinstance(value, Items) else ()
