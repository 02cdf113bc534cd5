"""The statements of a script in their order: what is done each time, if, and for each."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from teach_mode.formats.playwright.chains import Part as ChainPart
from teach_mode.formats.playwright.chains import Words
from teach_mode.formats.playwright.scripts.calling import Calling
from teach_mode.formats.playwright.scripts.combining import Scope
from teach_mode.formats.playwright.scripts.evaluating import Budget
from teach_mode.formats.playwright.scripts.names import Names, breaks, called_in, fails
from teach_mode.formats.playwright.scripts.telling import Args, Telling, as_text
from teach_mode.formats.playwright.scripts.values import (
    Awaited,
    Element,
    Fact,
    Items,
    ListOf,
    Number,
    Outside,
    Part,
    Read,
    Tab,
    Text,
    Thing,
    Unknown,
    Value,
)
from teach_mode.skill import When
from teach_mode.templates import names_in, places_in

_MOST_ROUNDS = 30
_MODULES = frozenset(("os", "re", "time", "asyncio", "pathlib"))
_STEPS = frozenset(("step", "soft_assertions", "nullcontext", "suppress"))


class Flow(Calling):
    """Reads the statements of one test."""

    def __init__(self, tell: Telling, names: Names, budget: Budget) -> None:
        super().__init__(tell, names, budget)
        self._later: list[tuple[Sequence[ast.stmt], list[Scope]]] = []

    def run(self, body: Sequence[ast.stmt]) -> Value | None:
        """The statements, one by one; what a `return` among them answers, None if there is none."""
        for number, node in enumerate(body):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield):
                self._later.append((body[number + 1 :], self.scopes))
                return self.value(node.value.value) if node.value.value is not None else Number(None)
            if isinstance(node, ast.Return):
                return self.value(node.value) if node.value is not None else Number(None)
            answer = self._one(node)
            if answer is not None:
                return answer
        return None

    def finish(self) -> None:
        """What stands behind the `yield` of fixtures."""
        while self._later:
            body, self.scopes = self._later.pop()
            self.run(body)

    def _one(self, node: ast.stmt) -> Value | None:
        self._budget.take(node)
        match node:
            case ast.Expr():
                self._expression(node.value)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                self._assign(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self.define([node])
            case ast.Import() | ast.ImportFrom():
                self._import(node)
            case ast.Assert():
                self._assert(node.test)
            case ast.If():
                return self._if(node)
            case ast.For() | ast.AsyncFor():
                self._for(node)
            case ast.While():
                self.skip([node], "how often is not said in so many words")
            case ast.With() | ast.AsyncWith():
                return self._with(node)
            case ast.Try():
                return self._try(node)
            case ast.Pass() | ast.Global() | ast.Nonlocal() | ast.Delete():
                pass
            case ast.Break() | ast.Continue():
                self.tell.note(node, "a skill goes through all of a list")
            case _:
                self.skip([node], "a skill has nothing like it")
        return None

    def _expression(self, node: ast.expr) -> None:
        """A statement that only does something; nothing of it is lost without a note."""
        before, notes = self.tell.steps, self.tell.noted
        value = self.value(node)
        silent = (self.tell.steps, self.tell.noted) == (before, notes)
        if isinstance(value, (Unknown, Fact)) and silent and called_in(node):
            why = value.why if isinstance(value, Unknown) else "nothing is done with what it asks"
            self.tell.left_out(node, called_in(node), why)
        elif isinstance(value, Read) and silent:
            self.tell.left_out(node, called_in(node), "nothing is done with what it reads")

    def skip(self, body: Sequence[ast.stmt], why: str) -> None:
        """Statements that are in no skill, each with a note if it does anything."""
        for node in body:
            for one in ast.walk(node):
                if isinstance(one, (ast.Expr, ast.Assign, ast.Assert)) and (name := called_in(one)):
                    self.tell.left_out(one, name, why)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        module = node.module if isinstance(node, ast.ImportFrom) else None
        for one in node.names:
            name = one.name if module is None or module not in _MODULES else f"{module}.{one.name}"
            self.scopes[-1][(one.asname or one.name).partition(".")[0]] = Outside(name)

    # names

    def _assign(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> None:
        if node.value is None:
            return
        if isinstance(node, ast.AugAssign):
            value = self.value(ast.copy_location(ast.BinOp(node.target, node.op, node.value), node))
            self._bind(node.target, value)
            return
        before, notes = self.tell.steps, self.tell.noted
        value = self.value(node.value)
        silent = (self.tell.steps, self.tell.noted) == (before, notes)
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if isinstance(value, Unknown) and silent and self._acts(node.value):
            self.tell.left_out(node, called_in(node.value), value.why)
        for target in targets:
            self._bind(target, self._named(target, value, node))

    def _acts(self, node: ast.expr) -> bool:
        """Whether something on a page is done or read in an expression whose value is not known."""
        name = called_in(node)
        return name in (
            "click",
            "fill",
            "goto",
            "evaluate",
            "inner_text",
            "text_content",
            "press",
            "check",
            "select_option",
        )

    def _named(self, target: ast.expr, value: Value, node: ast.stmt) -> Value:
        """What a name stands for: a text typed somewhere becomes a parameter, one of the page that is said is read."""
        if not isinstance(target, ast.Name):
            return value
        if isinstance(value, Read) and target.id not in self._names.compared:
            return self.acting.keep(value, target.id, Args(node))
        text = as_text(value)
        if text is None or (isinstance(value, Text) and value.env) or target.id not in self._names.typed:
            return value
        if places_in(text) or text.startswith(("http://", "https://")) or not text:
            return value
        return self.tell.variable(target.id, text)

    def _bind(self, target: ast.expr, value: Value) -> None:
        match target:
            case ast.Name():
                self.scopes[-1][target.id] = value
            case ast.Attribute():
                of = self.value(target.value)
                if isinstance(of, Thing):
                    of.names[target.attr] = value
            case ast.Tuple() | ast.List():
                items = value.items if isinstance(value, Items) else ()
                for number, one in enumerate(target.elts):
                    self._bind(one, items[number] if number < len(items) else Unknown("a part of something unknown"))

    # conditions

    def _assert(self, test: ast.expr) -> None:
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            for one in test.values:
                self._assert(one)
            return
        self.tell.steps += 1
        value = self.value(test)
        if isinstance(value, Fact) and value.condition is not None:
            self.tell.add("assert", Args(test), wait=value.condition, tab=value.tab)
        else:
            why = value.why if isinstance(value, Unknown) else "it says nothing about a page"
            self.tell.note(test, f"left out: {why}", "assert")

    def _if(self, node: ast.If) -> Value | None:
        test = self.value(node.test)
        tests = [test]
        if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And):
            tests = [self.value(one) for one in node.test.values]
        if isinstance(test, Number):
            done, other = (node.body, node.orelse) if test.value else (node.orelse, node.body)
            self.skip(other, "it is not done with the values that the script has")
            return self.run(done)
        whens = [_when(one) for one in tests]
        if any(when is None for when in whens):
            why = test.why if isinstance(test, Unknown) else "a skill cannot ask for it"
            self.skip([*node.body, *node.orelse], f"whether it is done is not known: {why}")
            return None
        self._only(node.body, [when for when in whens if when is not None])
        if not node.orelse:
            return None
        if len(tests) == 1 and isinstance(test, Fact) and test.denied is not None:
            self._only(node.orelse, [When(page=test.denied)])
        elif len(tests) == 1 and self._excludes(test, node.orelse):
            self.run(node.orelse)
        else:
            self.skip(node.orelse, "a skill cannot ask for the contrary")
        return None

    def _excludes(self, test: Value, orelse: Sequence[ast.stmt]) -> bool:
        """Whether what is asked for next (`elif`) is true only where `test` is not: the same value is another one."""
        if len(orelse) != 1 or not isinstance(orelse[0], ast.If) or not isinstance(test, Fact) or test.equals is None:
            return False
        other = self.value(orelse[0].test)
        if not isinstance(other, Fact) or other.equals is None:
            return False
        return other.equals[0] == test.equals[0] and other.equals[1] != test.equals[1]

    def _only(self, body: Sequence[ast.stmt], whens: Sequence[When]) -> None:
        """Statements under conditions."""
        for when in whens:
            self.tell.made.begin(when)
        if self.run(body) is not None:
            self.tell.note(body[-1], "the script ends here then; what stands after it is done all the same")
        for _ in whens:
            self.tell.made.end()

    def _try(self, node: ast.Try) -> Value | None:
        """What is tried: a step or two are done only if they can be."""
        little = bool(node.handlers) and len(node.body) <= 2 and not any(map(fails, node.handlers))
        self.tell.optional += little
        answer = self.run(node.body)
        self.tell.optional -= little
        for handler in node.handlers:
            self.skip(handler.body, "what is done when something fails is the skill's own")
        if answer is None:
            answer = self.run(node.orelse)
        return self.run(node.finalbody) or answer

    # loops

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        if self._until(node):
            return
        over = self._over(node.iter)
        match over:
            case Read() if over.what == "texts":
                self._for_texts(node, over)
            case Items() if over.items and breaks(node.body):
                self.tell.note(node, "it is done once: when it is enough only running the script would tell", "for")
                self._bind(node.target, over.items[0])
                self.run(node.body)
            case Items() if len(over.items) <= _MOST_ROUNDS:
                for one in over.items:
                    self._bind(node.target, one)
                    if self.run(node.body) is not None:
                        break
            case ListOf() if self.tell.made.begin_loop(for_each=over.name):
                self._round(node, Text("{item}"))
            case Element():
                self._for_rows(node, over)
            case Items():
                self.skip(node.body, f"it is done more than {_MOST_ROUNDS} times")
            case _:
                why = over.why if isinstance(over, Unknown) else "loops do not stand in one another"
                self.skip(node.body, f"how often is not known: {why}")
        self.run(node.orelse)

    def _until(self, node: ast.For | ast.AsyncFor) -> bool:
        """A step that is repeated until the page is so, as an exported script says it: `for _ in range(12):`, then
        `if …: break`, `before = ….inner_text()`, the step, and `expect(…).not_to_have_text(before)`."""
        if len(node.body) != 4 or not isinstance(node.body[0], ast.If) or not isinstance(node.body[1], ast.Assign):
            return False
        first, before, act, _ = node.body
        rounds = self.value(node.iter)
        if not isinstance(rounds, Items) or not rounds.items or not isinstance(first, ast.If):
            return False
        if [type(one) for one in first.body] != [ast.Break] or first.orelse or not isinstance(before, ast.Assign):
            return False
        fact, changing = self.value(first.test), self.value(before.value)
        if not isinstance(fact, Fact) or fact.condition is None or not isinstance(changing, Read):
            return False
        named = self.tell.carry.named(changing.chain, tab=changing.tab, line=node.lineno, step="for")
        count = self.tell.added
        self.run([act])
        if named is None or self.tell.added != count + 1:
            self.tell.note(node, "it is done once: what it is repeated for cannot be said")
            return True
        self.tell.made.amend(until=fact.condition, changes=named.locators, most=len(rounds.items))
        return True

    def _for_texts(self, node: ast.For | ast.AsyncFor, over: Read) -> None:
        """What each of several elements says is gone through."""
        named = self.tell.carry.named(over.chain, tab=over.tab, line=node.lineno, step="for")
        if named is not None and self.tell.made.begin_loop(rows=named.locators, frame=named.frame):
            self._round(node, Text("{item}"))
        else:
            self.skip(node.body, "a skill cannot go through these")

    def _over(self, node: ast.expr) -> Value:
        """What is gone through; all that a locator finds is the locator."""
        plain = node.value if isinstance(node, ast.Await) else node
        if isinstance(plain, ast.Call) and isinstance(plain.func, ast.Attribute) and plain.func.attr == "all":
            of = self.value(plain.func.value)
            if isinstance(of, Element):
                return of
        return self.value(node)

    def _round(self, node: ast.For | ast.AsyncFor, item: Value) -> None:
        self._bind(node.target, item)
        if self.run(node.body) is not None:
            self.tell.note(node, "a skill goes through all of a list")
        self.tell.made.end()

    def _for_rows(self, node: ast.For | ast.AsyncFor, over: Element) -> None:
        named = self.tell.carry.named(over.chain, tab=over.tab, line=node.lineno, step="for")
        if named is None:
            self.skip(node.body, "a skill cannot name what it goes through")
        elif self.tell.made.begin_loop(rows=named.locators, frame=named.frame):
            row = ChainPart(engine="has-text", text=Words(text="{item}"))
            self.tell.note(node, "each of them is known again by what it says", "for")
            self._round(node, Element(over.tab, (*over.chain, row)))
        else:
            self.skip(node.body, "loops do not stand in one another")

    # what stands around

    def _with(self, node: ast.With | ast.AsyncWith) -> Value | None:
        awaited: list[tuple[Awaited, ast.withitem]] = []
        for item in node.items:
            found = self._awaited(item.context_expr)
            if found is not None:
                awaited.append((found, item))
                if item.optional_vars is not None:
                    self._bind(item.optional_vars, found)
                continue
            value = self.value(item.context_expr)
            name = called_in(item.context_expr)
            if isinstance(value, Unknown) and name not in _STEPS and not name.endswith("step"):
                self.tell.note(item.context_expr, f"not carried: what {name or 'stands around the steps'} does", name)
            if item.optional_vars is not None:
                self._bind(item.optional_vars, value)
        before = self.tell.made.last
        answer = self.run(node.body)
        done = self.tell.made.last is not before and self.tell.made.last is not None
        for one, item in reversed(awaited):
            name = item.optional_vars.id if isinstance(item.optional_vars, ast.Name) else ""
            brought = self.paging.brought(one, name, Args(item.context_expr), done)
            if item.optional_vars is not None:
                self._bind(item.optional_vars, brought)
        return answer

    def _awaited(self, node: ast.expr) -> Awaited | None:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return None
        if not node.func.attr.startswith("expect_"):
            return None
        of = self.value(node.func.value)
        if not isinstance(of, (Tab, Part)):
            return None
        return self.paging.awaits(of, node.func.attr, self.args(node))


def _when(value: Value) -> When | None:
    """A fact as the condition of steps; None: a skill cannot ask for it."""
    if isinstance(value, ListOf):
        return When(given=value.name)
    if isinstance(value, Text):
        return When(given=names_in(value.template)[0]) if places_in(value.template) == (value.template,) else None
    if not isinstance(value, Fact):
        return None
    if value.equals is not None:
        return When(equals=dict([value.equals]))
    return When(given=value.given, page=value.condition) if value.given or value.condition else None
