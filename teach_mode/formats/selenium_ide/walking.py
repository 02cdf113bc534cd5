"""The commands of a test, one after the other, through its blocks: what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence

from browser.conditions import Condition
from teach_mode.formats.acts import commits_by_looks
from teach_mode.formats.selenium_ide import acting, scripts, storing, windows
from teach_mode.formats.selenium_ide.commands import NOTED
from teach_mode.formats.selenium_ide.comparing import Comparison, comparisons_of
from teach_mode.formats.selenium_ide.flow import Block, Branch, Node, commands_in, tree_of
from teach_mode.formats.selenium_ide.locators import locator_of
from teach_mode.formats.selenium_ide.meanings import Items, Meaning, Place, Seen, Text, Unknown, both, when_of
from teach_mode.formats.selenium_ide.repeating import address_waited_for, until_of
from teach_mode.formats.selenium_ide.schema import Command
from teach_mode.formats.selenium_ide.state import RAN, State
from teach_mode.skill import When

MOST_UNROLLED = 60
HANDLERS = {**acting.HANDLERS, **windows.HANDLERS, **storing.HANDLERS}
_LOOPS = frozenset(("forEach", "times", "while", "do"))
_NEVER = "its condition never holds, so that it is never done"


class Walk:
    """Goes through a test. `around` is what must hold for the commands of now to be done."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._around = When()
        self._in_loop = False

    def test(self, commands: Sequence[Command]) -> None:
        """All of a test. Raises ValueError when it nests too deep, ImportRefused when it has too many steps."""
        nodes, troubles = tree_of(commands)
        for trouble in troubles:
            self._state.note(trouble.command, trouble.words)
        self._go(nodes)
        self._state.end()

    def _go(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            if isinstance(node, Command):
                self._do(node)
            elif node.kind == "if":
                self._choose(node)
            elif node.kind == "forEach":
                self._for_each(node)
            elif node.kind == "times":
                self._times(node)
            else:
                self._until(node)

    def _do(self, command: Command) -> None:
        name, state = command.command, self._state
        if command.off:
            state.note(command, "it is switched off in the file")
        elif command.comment == RAN and not name:
            state.carry(command)
        elif not name:
            state.note(command, "a line with a comment alone" if command.comment else "an empty line")
        elif name == "run":
            state.note(
                command,
                f"there is no test {command.target!r} in the file to run" if command.target else "it runs nothing",
            )
        elif name in NOTED:
            state.note(command, NOTED[name])
        elif name in HANDLERS:
            HANDLERS[name](state, command)
        else:
            state.note(command, f"{name} is no command of Selenium IDE itself; what a plugin does is not known here")

    def _leave_out(self, nodes: Sequence[Node], words: str) -> None:
        for command in commands_in(nodes):
            self._state.note(command, words)

    # if

    def _choose(self, block: Block) -> None:
        """The branches, each under its condition and under none of those before it."""
        state, before = self._state, dict(self._state.values)
        where = (state.tab, state.frame)
        earlier: list[tuple[Comparison, ...] | bool | None] = []
        settled = False
        for branch in block.branches:
            if settled:
                self._leave_out((branch.head, *branch.body), _NEVER)
                continue
            own = self._asked(branch.head)
            not_earlier = self._none_of(earlier, self._comparisons(branch.head))
            if own is True and not_earlier == When():
                state.carry(branch.head)
                self._go(branch.body)
                settled = True
                continue
            if own is False:
                self._leave_out((branch.head, *branch.body), _NEVER)
                continue
            due = _merged(not_earlier, When() if isinstance(own, bool) else own)
            if due is None or both(self._around, due) is None:
                words = f"{branch.head.command} {branch.head.target!r} asks for more than a skill can ask for"
                self._leave_out((branch.head, *branch.body), words)
            else:
                self._under(due, branch)
                if due.page is not None and earlier:
                    words = "where what is done before it makes the page so, this is done as well"
                    state.made.note(words, line=branch.head.line, step=branch.head.written)
            earlier.append(self._comparisons(branch.head))
        if block.last is not None:
            state.carry(block.last)
        if not settled:
            self._forget_changes(before, where)

    def _under(self, due: When, branch: Branch) -> None:
        state, outer = self._state, self._around
        together = both(outer, due)
        state.carry(branch.head)
        if due.page is not None and sum(1 for one in commands_in(branch.body) if not one.off) > 1:
            state.made.note(
                "what the page shows is looked at again before each step of this",
                line=branch.head.line,
                step=branch.head.written,
            )
        state.made.begin(due)
        self._around = together or outer
        self._go(branch.body)
        self._around = outer
        state.made.end()

    def _none_of(
        self, earlier: Sequence[tuple[Comparison, ...] | bool | None], own: tuple[Comparison, ...] | bool | None
    ) -> When | None:
        """What must hold so that no earlier branch is taken, beside what this one asks for itself."""
        whole: When | None = When()
        wanted = {one.name: one.text for one in own if one.op == "=="} if isinstance(own, tuple) else {}
        for compared in earlier:
            equal = [one for one in compared if one.op == "=="] if isinstance(compared, tuple) else []
            if not any(wanted.get(one.name, one.text) != one.text for one in equal):
                whole = _merged(whole, _opposite(compared, self._state))
        return whole

    def _comparisons(self, head: Command) -> tuple[Comparison, ...] | bool | None:
        return True if head.command == "else" else comparisons_of(head.target)

    def _asked(self, head: Command) -> When | bool | None:
        """What a branch asks for; None where we have no such thing."""
        compared = self._comparisons(head)
        if isinstance(compared, bool) or compared is None:
            return compared
        whole: When | None = When()
        for one in compared:
            asked = when_of(one, self._state.meaning(one.name))
            if asked is False or asked is None:
                return asked
            if asked is not True:
                whole = _merged(whole, asked)
                self._told_late(head, self._state.meaning(one.name))
        if whole is None:
            return None
        for one in compared:
            self._state.use(one.name)
            self._state.ask_for(head, one.name)
        return whole if whole != When() else True

    def _told_late(self, head: Command, meaning: Meaning) -> None:
        if isinstance(meaning, Seen) and meaning.after < self._state.done:
            words = "the page is looked at when it comes to this, not before the steps in between"
            self._state.made.note(words, line=head.line, step=head.written)

    def _forget_changes(self, before: dict[str, Meaning], where: tuple[str | None, tuple[str, ...] | None]) -> None:
        """What only a branch said is not known after it."""
        state = self._state
        for name, meaning in list(state.values.items()):
            if before.get(name) != meaning and not isinstance(meaning, Place):
                state.values[name] = Unknown("it depends on a condition")
        if (state.tab, state.frame) != where:
            state.lose("where it is done depends on a condition")

    # loops

    def _for_each(self, block: Block) -> None:
        state, head, body = self._state, block.branches[0].head, block.branches[0].body
        meaning = state.values.get(head.target)
        values = meaning.values if isinstance(meaning, Items) else None
        if isinstance(meaning, (Text, Place)):
            self._leave_out((block,), f"{head.target!r} is no list")
            return
        state.use(head.target)
        if self._in_loop or self._around != When() or not self._fits_a_loop(body):
            self._unrolled(
                block, [] if values is None else [(head.value, one) for one in values], known=values is not None
            )
            return
        name = state.list_of(head, head.target)
        state.made.begin_loop(for_each=name)
        state.carry(head, *([block.last] if block.last is not None else []))
        before, where = dict(state.values), (state.tab, state.frame)
        self._doubt(body)
        state.values[head.value] = Place("{item}")
        self._in_loop = True
        self._go(body)
        self._in_loop = False
        state.made.end()
        self._forget_changes(before, where)
        state.values[head.value] = Unknown("its loop is over")

    def _fits_a_loop(self, body: Sequence[Node]) -> bool:
        """Whether a body has nothing that cannot be undone, and no loop of its own."""
        for command in commands_in(body):
            if command.command in _LOOPS and not command.off:
                return False
            located = [one for one in map(locator_of, (command.target, *command.targets)) if one is not None]
            clicked = command.command.startswith("click") and located
            if clicked and commits_by_looks(self._state.made.target(located).fingerprint):
                return False
        return True

    def _doubt(self, body: Sequence[Node]) -> None:
        """What the body itself stores is not known where it begins."""
        for command in commands_in(body):
            if command.command in storing.STORES and command.value in self._state.values:
                self._state.values[command.value] = Unknown("it changes each time")

    def _times(self, block: Block) -> None:
        known = self._state.known_text(block.branches[0].head.target)
        number = int(known) if known is not None and known.strip().isdigit() and len(known.strip()) < 4 else None
        self._unrolled(block, [("", "")] * (number or 0), known=number is not None)

    def _unrolled(self, block: Block, rounds: Sequence[tuple[str, str]], *, known: bool) -> None:
        """The body once for each round, for which a variable has a value."""
        state, branch = self._state, block.branches[0]
        size = len(commands_in(branch.body))
        if not known or len(rounds) * size > MOST_UNROLLED:
            why = f"{len(rounds)} times {size} commands are too many" if known else "how often is not known"
            self._leave_out((block,), f"{branch.head.command} cannot be written out step by step: {why}")
            return
        if not rounds:
            self._leave_out((block,), "it is done for nothing")
            return
        state.carry(branch.head, *([block.last] if block.last is not None else []))
        for name, value in rounds:
            if name:
                state.values[name] = Text(value)
            self._go(branch.body)

    def _until(self, block: Block) -> None:
        """A loop that goes on until the page is so: one step that is done again and again, else nothing."""
        waits = address_waited_for(block)
        if waits is not None:
            self._wait_for_address(block, waits)
            return
        found = until_of(block, self._state)
        if found is None or self._in_loop:
            words = f"{block.branches[0].head.command} asks for more than one step that is done until the page says so"
            self._leave_out((block,), words)
            return
        self._go((found.act,))
        last = self._state.made.last
        if last is not None and last.effect != "irreversible" and last.target is not None:
            self._state.made.amend(until=found.until, changes=found.changes, most=found.most)
        else:
            self._state.made.note("it is done once", line=found.act.line, step=found.act.written)
        self._state.carry(*commands_in((block,)))

    def _wait_for_address(self, block: Block, looks: Command) -> None:
        """Where the step before leads, else something to wait for."""
        state = self._state
        url = Condition(url=state.text(looks, scripts.address_tested(looks.target) or ""))
        last = state.made.last
        leads = last is not None and last.action not in ("wait", "assert", "read", "close") and last.tab == state.tab
        if last is not None and leads and last.postcondition is None and last.until is None:
            state.made.amend(postcondition=url)
        else:
            state.add("wait", looks, wait=url)
        state.carry(*commands_in((block,)))


def _merged(one: When | None, other: When | None) -> When | None:
    return both(one, other) if one is not None and other is not None else None


def _opposite(compared: tuple[Comparison, ...] | bool | None, state: State) -> When | None:
    """What holds where a branch is not taken, as far as a later one must ask for it; None where that cannot be said."""
    if compared is False:
        return When()
    if not isinstance(compared, tuple) or len(compared) != 1:
        return None
    asked = when_of(compared[0].negated(), state.meaning(compared[0].name))
    if asked is True:
        return When()
    return asked if isinstance(asked, When) else None
