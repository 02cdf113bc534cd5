"""Where the reading of a test is: its tab and frame, what its variables mean, and which commands are accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from browser.conditions import Condition
from browser.locators import Locator
from teach_mode.demonstration import SecretKind
from teach_mode.formats.acts import commits_by_looks
from teach_mode.formats.assembling import Assembly, slug_of
from teach_mode.formats.selenium_ide.locators import locator_of, said_by
from teach_mode.formats.selenium_ide.meanings import (
    VARIABLE,
    Handle,
    Items,
    Meaning,
    Place,
    Text,
    Unknown,
    Withheld,
    interpolated,
    templated,
    templated_locator,
)
from teach_mode.formats.selenium_ide.schema import Command
from teach_mode.skill import GIVEN, Action, DialogAnswer, Parameter, Step, Target

TOOL = "Selenium IDE"
# The comment of a `run` whose test stands in its place.
RAN = "run"
SAYS_NOTHING = "a skill says nothing on its way, only at its end what it read"


class State:
    """Of one test. `tab` and `frame` are None where they cannot be told; `lost` says why.

    Every command is carried, because it is in the skill, or has a note: `settle` notes those that have neither.
    """

    def __init__(self, made: Assembly, stored_once: frozenset[str], secrets: Mapping[str, SecretKind]) -> None:
        self.made = made
        self.tab: str | None = ""
        self.frame: tuple[str, ...] | None = ()
        self.lost = ""
        self.values: dict[str, Meaning] = {}
        self.opened: list[str] = []
        self.done = 0
        self.saved: set[str] = set()
        self.answer: tuple[Command, str] | None = None
        self.pending_dialog: DialogAnswer | None = None
        self.pending_command: Command | None = None
        self.answered = False
        self.pressed: tuple[Command, Target] | None = None
        self._stored_once = stored_once
        self._secrets = secrets
        self._carried: set[int] = set()
        self._waiting: dict[int, tuple[Command, str]] = {}
        self._slugs: dict[str, str] = {}
        self._taken: set[str] = set()
        self._uses: dict[str, list[Command]] = {}
        self._told: set[str] = set()

    # accounts

    def carry(self, *commands: Command) -> None:
        """These are in the skill."""
        self._carried |= {id(one) for one in commands}

    def note(self, command: Command, words: str) -> None:
        """This one is not, or not all of it."""
        self.carry(command)
        self._waiting.pop(id(command), None)
        self.made.note(words, line=command.line, step=command.written)

    def await_use(self, command: Command, name: str, words: str) -> None:
        """This one is in the skill once its variable is used, and else gets a note with these words."""
        self.carry(command)
        self._waiting[id(command)] = (command, words)
        self._uses.setdefault(name, []).append(command)

    def use(self, name: str) -> None:
        """A variable is used: what stored it is in the skill."""
        for command in self._uses.pop(name, []):
            self._waiting.pop(id(command), None)

    def settle(self, commands: Iterable[Command]) -> None:
        """Note all that is neither in the skill nor noted."""
        for command, words in list(self._waiting.values()):
            self.note(command, words)
        for command in commands:
            if id(command) not in self._carried:
                self.note(command, "nothing of it could be carried")

    # values

    def slug(self, name: str) -> str:
        """Our name of a variable, the same each time, another one for each."""
        if name not in self._slugs:
            self._slugs[name] = self.new_slug(name)
        return self._slugs[name]

    def new_slug(self, name: str) -> str:
        """A name that nothing has yet."""
        plain = slug_of(name) or "value"
        plain = found = f"{plain}_value" if plain in GIVEN else plain
        number = 1
        while found in self._taken:
            number += 1
            found = f"{plain}_{number}"
        self._taken.add(found)
        return found

    def store(self, command: Command, name: str, text: str) -> None:
        """A text is stored: once and for all it is a parameter with that default, else what is known from here on."""
        if name in self._secrets:
            self.values[name] = Withheld(self._secrets[name])
            self.note(command, "what it holds is a secret, and is left out")
            return
        if name in self._stored_once:
            self.values[name] = Place("{" + self.slug(name) + "}", text)
        else:
            self.values[name] = Text(text)
        self.await_use(command, name, f"nothing uses the variable {name!r}")

    def place_of(self, command: Command, name: str) -> str:
        """What stands for a variable in a template."""
        self.use(name)
        meaning = self.values.get(name)
        if isinstance(meaning, Text):
            return meaning.text.replace("{", "{{").replace("}", "}}")
        if isinstance(meaning, Place):
            if meaning.text is not None:
                return self.made.variable(meaning.name, default=meaning.text)
            return meaning.place
        if name not in self._told:
            self._told.add(name)
            why = meaning.why if isinstance(meaning, Unknown) else "the file does not say what it is"
            why = "it is a secret" if isinstance(meaning, Withheld) else why
            self.made.note(f"${{{name}}} is asked for: {why}", line=command.line, step=command.written)
        self.values[name] = Place("{" + self.slug(name) + "}")
        return self.made.variable(self.slug(name))

    def text(self, command: Command, text: str) -> str:
        """The template of a command's text."""
        return templated(interpolated(text), lambda name: self.place_of(command, name))

    def secret_in(self, text: str) -> SecretKind | None:
        """The secret that a text is, when it is one."""
        variable = VARIABLE.fullmatch(text)
        if variable is None or variable[1] not in self._secrets:
            return None
        self.use(variable[1])
        return self._secrets[variable[1]]

    def known_text(self, text: str) -> str | None:
        """A text with its variables filled in by what the file has for them; None where it has nothing."""
        filled = text
        for name in VARIABLE.findall(text):
            meaning = self.values.get(name)
            known = meaning.text if isinstance(meaning, (Text, Place)) else None
            if not known:
                return None
            self.use(name)
            filled = filled.replace(f"${{{name}}}", known)
        return filled

    def meaning(self, name: str) -> Meaning:
        """What a variable means now."""
        return self.values.get(name, Place("{" + self.slug(name) + "}"))

    def list_of(self, command: Command, name: str) -> str:
        """The name of the parameter that a list becomes."""
        self.use(name)
        meaning = self.values.get(name)
        if not isinstance(meaning, Items):
            meaning = self.values[name] = Items(self.slug(name))
        if name not in self._told:
            self._told.add(name)
            words = meaning.name.replace("_", " ")
            self.made.parameter(Parameter(name=meaning.name, kind="text", many=True, question=f"Which {words}?"))
            if meaning.values is not None:
                there = ", ".join(meaning.values) or "none"
                self.made.note(f"the list is asked for; here it is: {there}", line=command.line, step=command.written)
        return meaning.name

    def ask_for(self, command: Command, name: str) -> None:
        """A condition asks for a variable: one that the file does not store is a parameter, too."""
        if isinstance(self.meaning(name), Items):
            self.list_of(command, name)
        elif name and isinstance(self.meaning(name), Place):
            self.place_of(command, name)

    # elements

    def quiet_locators(self, command: Command) -> tuple[Locator, ...]:
        """The locators of a command that is only looked at; () where there are none."""
        found = [locator_of(one) for one in (command.target, *command.targets) if one.strip()]
        known = [templated_locator(one, lambda name: self.place_of(command, name)) for one in found if one is not None]
        return tuple(dict.fromkeys(known))

    def locators(self, command: Command, written: Sequence[str]) -> tuple[Locator, ...]:
        """Our locators of an element; () with a note where there is none."""
        found = [locator_of(one) for one in written if one.strip()]
        known = [templated_locator(one, lambda name: self.place_of(command, name)) for one in found if one is not None]
        if not known:
            self.note(
                command, "its element is named in no way that is known here" if any(written) else "it names no element"
            )
        return tuple(dict.fromkeys(known))

    def target(self, command: Command) -> Target | None:
        """The command's element, in the frame of now; None with a note."""
        return self._element(command, (command.target, *command.targets))

    def onto(self, command: Command) -> Target | None:
        """The second element of a drag."""
        return self._element(command, (command.value, *command.fallbacks))

    def _element(self, command: Command, written: Sequence[str]) -> Target | None:
        target = self._named(command, written)
        if target is None:
            return None
        locators = target.locators
        said = tuple(one for one in said_by(locators) if one not in locators)
        if locators[0].nth is not None or commits_by_looks(target.fingerprint):
            return replace(target, locators=(*locators, *said))
        # The player takes the first that the locator finds, where ours must be the only one.
        return replace(target, locators=(*locators, *said, replace(locators[0], nth=0)))

    def _named(self, command: Command, written: Sequence[str]) -> Target | None:
        if self.tab is None or self.frame is None:
            self.note(command, self.lost)
            return None
        locators = self.locators(command, written)
        return self.made.target(locators, frame=self.frame) if locators else None

    def condition(self, command: Command, *, visible: bool = True) -> Condition | None:
        """That the command's element is to be seen, or is not; None with a note."""
        target = self._named(command, (command.target, *command.targets))
        if target is None:
            return None
        frame, found = target.fingerprint.frame, target.locators
        return Condition(visible=found, frame=frame) if visible else Condition(hidden=found[:1], frame=frame)

    # steps

    def add(self, action: Action, command: Command, target: Target | None = None, **fields: object) -> Step | None:
        """A step in the tab of now; None with a note where that cannot be told."""
        if self.tab is None:
            self.note(command, self.lost)
            return None
        if self.answer is not None:
            self.note(self.answer[0], SAYS_NOTHING)
            self.answer = None
        acts = action not in ("wait", "assert", "read", "close", "scroll")
        if acts and self.pending_dialog is not None:
            fields["dialog"] = self.pending_dialog
            self.pending_dialog = None
        if acts and command.opens:
            name = slug_of(command.opens).replace("_", "-") or "window"
            self.values[command.opens] = Handle(name)
            self.opened.append(name)
            fields["opens"] = name
        if acts:
            self.answered = False
        self.done += 1
        step = self.made.add(action, line=command.line, target=target, tab=self.tab, **fields)
        self.carry(command)
        return step

    def end(self) -> None:
        """The test is over: what still waits for another command gets a note."""
        if self.pressed is not None:
            self.note(self.pressed[0], "the button is pressed and never let go")
        if self.pending_dialog is not None and self.pending_command is not None:
            self.note(self.pending_command, "no step after it brings up a dialog")

    def lose(self, why: str) -> None:
        """Where the next commands are done cannot be told."""
        self.frame = None
        self.lost = why
