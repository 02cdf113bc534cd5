"""Shopping, to-do and other lists by voice: put on, read, ticked off, taken off, cleared. All of it can be undone."""

from __future__ import annotations

from collections.abc import Mapping

from cloud.errors import ListFull
from cloud.lam.errors import ToolError
from cloud.lam.toolbox import Card, Outcome, Row, Run
from cloud.people.lists import SHOPPING, TO_DO, ItemList, Lists
from cloud.tools.spoken import SpokenTool, text_of
from language.entities import Choice, Slot, Value
from language.items import amount_words, item_words, items_in, say_item
from language.numbers import say_number
from language.saying import joined
from wire.limits import ROWS

READ_ALOUD = 12
_EVERYTHING = frozenset(("everything", "all", "all of it", "all of them", "it all"))
_LIST = Slot(
    name="list",
    kind="choice",
    choices=(
        Choice(SHOPPING, ("shopping", "grocery", "groceries", "buy")),
        Choice(TO_DO, ("to do", "todo", "task", "tasks", "do")),
    ),
    required=False,
)
_NAMED = Slot(name="named", kind="text", required=False)
_ITEMS = Slot(name="items", kind="text", question="What shall I put on it?")
_WHICH = Slot(name="items", kind="text", question="Which of them?")


class ListTools:
    """The tools of lists over one store."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists

    def tools(self) -> tuple[SpokenTool, ...]:
        """All of them."""
        return (
            SpokenTool(
                name="add_to_list",
                description="put things on a list",
                utterances=(
                    "(add|put) {items} (to|on|onto) (my|the|our) {list} list",
                    "(add|put) {items} (to|on|onto) (my|the|our) list",
                    "(add|put) {items} (to|on|onto) (my|the|our) {named} list",
                    "(add|put) something (to|on) (my|the|our) {list} list",
                ),
                slots=(_ITEMS, _LIST, _NAMED),
                effect="reversible",
                work=self._add,
            ),
            SpokenTool(
                name="read_list",
                description="read a list",
                utterances=(
                    "(what's|what is) [still] on (my|the|our) {list} list",
                    "(what's|what is) [still] on (my|the|our) list",
                    "(read|show|tell) [me] (my|the|our) {list} list",
                    "(read|show|tell) [me] (my|the|our) list",
                    "what do (i|we) (have|need) to {list}",
                    "(what's|what is) [still] on (my|the|our) {named} list",
                    "(read|show|tell) [me] (my|the|our) {named} list",
                ),
                slots=(_LIST, _NAMED),
                work=self._read,
            ),
            SpokenTool(
                name="count_list",
                description="count what is on a list",
                utterances=(
                    "how many (things|items) [are] [left] on (my|the|our) {list} list",
                    "how many (things|items) [are] [left] on (my|the|our) list",
                    "how many (things|items) [are] [left] on (my|the|our) {named} list",
                ),
                slots=(_LIST, _NAMED),
                work=self._count,
            ),
            SpokenTool(
                name="tick_off",
                description="tick things off a list",
                utterances=(
                    "(tick|check|cross) off {items} on (my|the|our) {list} list",
                    "(tick|check|cross) off {items}",
                    "(tick|check|cross) {items} off (my|the|our) {list} list",
                    "(tick|check|cross) {items} off (my|the|our) list",
                    "(tick|check|cross) {items} off",
                    "(tick|check|cross) {items} off (my|the|our) {named} list",
                ),
                slots=(_WHICH, _LIST, _NAMED),
                effect="reversible",
                work=self._tick,
            ),
            SpokenTool(
                name="take_off_list",
                description="take things off a list",
                utterances=(
                    "(take|remove|delete) {items} (off|from) (my|the|our) {list} list",
                    "(take|remove|delete) {items} (off|from) (my|the|our) list",
                    "(take|remove|delete) {items} (off|from) (my|the|our) {named} list",
                ),
                slots=(_WHICH, _LIST, _NAMED),
                effect="reversible",
                work=self._take_off,
            ),
            SpokenTool(
                name="clear_list",
                description="clear a list",
                utterances=(
                    "(clear|empty) (my|the|our) {list} list",
                    "(clear|empty) (my|the|our) list",
                    "(clear|empty) (my|the|our) {named} list",
                ),
                slots=(_LIST, _NAMED),
                effect="reversible",
                work=self._clear,
            ),
            SpokenTool(
                name="new_list",
                description="begin a list",
                utterances=(
                    "(start|make|create|begin) a [new] list (called|named|for) {named}",
                    "(start|make|create|begin) a [new] {named} list",
                    "(start|make|create|begin) a [new] list",
                ),
                slots=(Slot(name="named", kind="text", question="What shall I call it?"),),
                effect="reversible",
                work=self._create,
            ),
            SpokenTool(
                name="which_lists",
                description="tell which lists there are",
                utterances=("(what|which) lists (do i have|are there)", "(show|read|tell) [me] [all] my lists"),
                work=self._tell_lists,
            ),
        )

    async def _add(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        name = await self._name(arguments, run)
        items = items_in(text_of(arguments, "items"), whole=name == TO_DO)
        if not items:
            raise ToolError("I heard nothing to put on the list.")
        try:
            added = await self._lists.add(run.person, name, items, _change(run))
        except ListFull as full:
            raise ToolError(f"{str(full)[:1].upper()}{str(full)[1:]}.") from full
        said = dict(zip(map(item_words, items), map(say_item, items), strict=True))
        parts = []
        if added.new:
            parts.append(f"{_are([said.get(one, one) for one in added.new])} on your {name} list.")
        if added.there:
            word = "was" if len(added.there) == 1 else "were"
            already = " there already" if added.new else f" on your {name} list already"
            parts.append(f"{_first(joined(list(added.there)))} {word}{already}.")
        return await self._answer(" ".join(parts), run.person, name)

    async def _read(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        found = await self._found(arguments, run)
        if found is None or not found.open:
            return Outcome(status="done", sentence=await self._nothing(arguments, found, run))
        items = found.open
        said = [say_item(item) for item in items[:READ_ALOUD]]
        if len(items) > READ_ALOUD:
            said.append(f"{say_number(len(items) - READ_ALOUD)} more")
        count = "There is one thing" if len(items) == 1 else f"There are {say_number(len(items))} things"
        return await self._answer(f"{count} on your {found.name} list: {joined(said)}.", run.person, found.name)

    async def _count(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        found = await self._found(arguments, run)
        if found is None or not found.open:
            return Outcome(status="done", sentence=await self._nothing(arguments, found, run))
        count = len(found.open)
        words = "one thing is" if count == 1 else f"{say_number(count)} things are"
        return await self._answer(f"{_first(words)} on your {found.name} list.", run.person, found.name)

    async def _tick(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        return await self._each(arguments, run, gone=False)

    async def _take_off(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        if text_of(arguments, "items").strip().lower() in _EVERYTHING:
            return await self._clear(arguments, run)
        return await self._each(arguments, run, gone=True)

    async def _each(self, arguments: Mapping[str, Value], run: Run, *, gone: bool) -> Outcome:
        found = await self._found(arguments, run)
        if found is None:
            return Outcome(status="done", sentence=await self._nothing(arguments, found, run))
        wanted = [item_words(item) for item in items_in(text_of(arguments, "items"), whole=found.name == TO_DO)]
        act = self._lists.take_off if gone else self._lists.tick
        done = await act(run.person, found.id, wanted, _change(run))
        parts = (
            [f"{_are(list(done.found))} {'off' if gone else 'ticked off'} your {found.name} list."]
            if done.found
            else []
        )
        if done.missing:
            parts.append(f"I do not see {joined(list(done.missing))} on your {found.name} list.")
        return await self._answer(" ".join(parts), run.person, found.name)

    async def _clear(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        found = await self._found(arguments, run)
        if found is None or not found.lines:
            return Outcome(status="done", sentence=await self._nothing(arguments, found, run))
        count = await self._lists.clear(run.person, found.id, _change(run))
        things = "one thing is" if count == 1 else f"{say_number(count)} things are"
        sentence = f"Your {found.name} list is cleared: {things} gone. Say undo to have them back."
        return Outcome(status="done", sentence=sentence, card=Card(title=_title(found.name), body="Nothing is on it."))

    async def _create(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        name = _plain(text_of(arguments, "named"))
        made = await self._lists.create(run.person, name, _change(run))
        sentence = f"Your {name} list is there." if made else f"You have a {name} list already."
        return await self._answer(sentence, run.person, name)

    async def _tell_lists(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        lists = await self._lists.all(run.person)
        if not lists:
            return Outcome(status="done", sentence="You have no lists yet.")
        names = [f"{each.name} with {say_number(len(each.open))}" for each in lists[:READ_ALOUD]]
        count = "one list" if len(lists) == 1 else f"{say_number(len(lists))} lists"
        rows = tuple(Row(each.name, str(len(each.open))) for each in lists[:ROWS])
        return Outcome(
            status="done", sentence=f"You have {count}: {joined(names)}.", card=Card(title="Lists", rows=rows)
        )

    # -----------------------------------------------------------------------------------------------------------------

    async def _name(self, arguments: Mapping[str, Value], run: Run) -> str:
        """The list that is meant: by its name, else the one used last, else that of shopping."""
        name = text_of(arguments, "list") or _plain(text_of(arguments, "named"))
        if name:
            return name
        last = await self._lists.get(run.person, "")
        return last.name if last is not None else SHOPPING

    async def _found(self, arguments: Mapping[str, Value], run: Run) -> ItemList | None:
        return await self._lists.get(run.person, await self._name(arguments, run))

    async def _nothing(self, arguments: Mapping[str, Value], found: ItemList | None, run: Run) -> str:
        name = found.name if found is not None else await self._name(arguments, run)
        if found is None and name not in (SHOPPING, TO_DO):
            return f"You have no {name} list."
        return f"Nothing is on your {name} list."

    async def _answer(self, sentence: str, person: str, name: str) -> Outcome:
        """A sentence, and the list as it is now."""
        found = await self._lists.get(person, name)
        items = found.open if found is not None else ()
        shown = items if len(items) <= ROWS else items[: ROWS - 1]
        rows = [Row(amount_words(item), item.thing) for item in shown]
        if len(shown) < len(items):
            rows.append(Row("", f"and {len(items) - len(shown)} more"))
        return Outcome(status="done", sentence=sentence, card=Card(title=_title(name), rows=tuple(rows)))


def _change(run: Run) -> str:
    """A step that is run again after a crash finds what it did."""
    return f"{run.task}-{run.step}"


def _plain(name: str) -> str:
    """A list's name, as it is kept."""
    return " ".join(name.lower().split())[:100].strip(" .,")


def _title(name: str) -> str:
    return f"{_first(name)} list"


def _are(words: list[str]) -> str:
    return f"{_first(joined(words))} {'is' if len(words) == 1 and not words[0].endswith('s') else 'are'}"


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
