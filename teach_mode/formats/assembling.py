"""An `Assembly`: what every importer hands its steps to, in the order of the file, and that makes a skill of them.

    made = Assembly("Buy a pizza", tool="Chrome DevTools Recorder")
    made.goto("https://pizza.example/menu", line=4)
    kind = made.variable("kind", default="pepperoni")           # the place "{kind}"; it becomes a parameter
    button = made.target([Locator(kind=ROLE, value="button", name="Add")], frame=("name=shop",))
    made.add("click", line=9, target=button)
    made.amend(opens="receipt")                                 # what only a later line says of the step before
    made.add("click", line=12, target=link, tab="receipt")
    made.begin(When(equals={"kind": "funghi"})); …; made.end()  # conditions nest
    made.begin_loop(for_each="toppings"); …; made.end()         # values are called {item}; loops do not nest
    made.note("a pause of 300 ms: each step waits for its element", line=14, step="pause")
    imported = made.finish(steps=7)                             # Imported, or ImportRefused

All texts are templates: what a file says word for word goes through `literal`. Addresses may be whole or relative to
the base. Locators of one target are alternatives, best first; CSS sees into open shadow roots and `a >> b` looks for b
inside of a. A frame is a path of `name=pay` (an iframe's name or id), `url=https://host/path`, or `index=1` (from 0,
among its siblings), from the outside in. Irreversible acts, secrets, origins, ids, effects and the entry are decided
here, by the rules of a lesson.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
from msgspec.structs import replace

from browser.conditions import Condition
from browser.fingerprint import Fingerprint
from browser.locators import Locator
from language.similarity import words_of
from teach_mode import checks
from teach_mode.errors import ImportRefused, SkillError, TemplateError
from teach_mode.formats.acts import commit, commits_by_looks, may_commit_by_looks
from teach_mode.formats.looks import looks_of, secret_kind, words_of_looks
from teach_mode.formats.placeholders import secret_in
from teach_mode.formats.reports import Imported, Note
from teach_mode.formats.source import MOST_STEPS
from teach_mode.interfaces import Effect
from teach_mode.retarget import texts_in
from teach_mode.skill import FORMAT, GIVEN, Action, Entry, Loop, Origins, Parameter, Skill, Step, Target, When
from teach_mode.templates import literal, names_in

_READS: frozenset[Action] = frozenset(("goto", "hover", "scroll", "close", "wait", "assert", "read"))
_PRESSES: frozenset[Action] = frozenset(("click", "double_click", "press"))
_LOOKS: frozenset[Action] = frozenset(("wait", "assert", "read", "scroll", "close"))
_PLAIN = frozenset(string.ascii_lowercase + string.digits + "_")
_NAME_CHARS = 40
_WEIGHTS = ("read", "reversible", "irreversible")


class Assembly:
    """Of one test of a file. `tool` is what made the file, in words; `base` its site's address, where it says one."""

    def __init__(self, title: str, *, tool: str, base: str = "", name: str = "") -> None:
        self._title = " ".join(title.split())[:200]
        self._tool = tool
        self._name = name
        self._base = base if urlsplit(base).scheme in ("http", "https") else ""
        self._steps: list[Step] = []
        self._lines: list[int] = []
        self._notes: list[Note] = []
        self._parameters: dict[str, Parameter] = {}
        self._hosts: dict[str, None] = {}
        self._ids: set[str] = set()
        self._numbers: dict[str, int] = {}  # Up to which an id is taken, by its words.
        self._blocks: list[When | Loop] = []
        self._loops: list[Loop] = []
        self._loop_began = 0

    # what is said

    def note(self, words: str, *, line: int = 0, step: str = "") -> None:
        """Say what could not be carried, with the line of the file and what the file calls the step."""
        self._notes.append(Note(line=line, step=step, words=words))

    # values

    def variable(self, name: str, default: str | int | float | None = None, *, question: str = "") -> str:
        """The place, "{name}", of a variable of the file, which becomes a parameter of text once a step uses it. Of one
        name there is one; a default that comes later counts where there was none."""
        slug = slug_of(name) or "value"
        slug = f"{slug}_value" if slug in GIVEN else slug
        known = self._parameters.get(slug)
        asked = question or f"What is the {slug.replace('_', ' ')}?"
        if known is None:
            self._parameters[slug] = Parameter(name=slug, kind="text", default=default, question=asked)
        elif known.default is None and default is not None:
            self._parameters[slug] = replace(known, default=default)
        return "{" + slug + "}"

    def parameter(self, parameter: Parameter) -> str:
        """The place of a parameter that the file describes in full (a list, a choice, a number)."""
        self._parameters[parameter.name] = parameter
        return "{" + parameter.name + "}"

    # addresses

    @property
    def base(self) -> str:
        """Scheme and host of the site; "" before the first address."""
        parts = urlsplit(self._base)
        return f"{parts.scheme}://{parts.netloc}" if self._base else ""

    def may_go_to(self, url: str) -> None:
        """A host that the file shows pages of, although no step goes to it by its address."""
        plain = plain_address(url)
        if plain is not None and (host := urlsplit(plain).hostname):
            self._base = self._base or plain
            self._hosts.setdefault(host)

    def goto(self, url: str, *, line: int = 0, tab: str = "", opens: str = "", **more: Any) -> Step | None:
        """Go to an address, a template; the first one becomes where the skill starts. None, with a note: it is none of
        the web."""
        if not url.startswith("{"):
            plain = plain_address(url, self._base)
            if plain is None:
                self.note(f"{url[:80]!r} is no address of the web, and nothing else is gone to", line=line, step="goto")
                return None
            if "@" in urlsplit(plain).netloc:
                plain = plain.replace(urlsplit(plain).netloc.rpartition("@")[0] + "@", "", 1)
                self.note("a name and password stood in the address and were left out", line=line, step="goto")
            self.may_go_to(plain)
            url = plain
        return self.add("goto", line=line, value=url, tab=tab, opens=opens, **more)

    # elements

    def target(
        self, locators: Sequence[Locator], *, frame: tuple[str, ...] = (), looks: Fingerprint | None = None
    ) -> Target:
        """An element by its locators, best first (at least one). What it looks like is what they say, unless `looks`
        is known."""
        kept = tuple(dict.fromkeys(locators))
        return Target(locators=kept, fingerprint=looks or looks_of(kept, frame))

    # steps

    def add(self, action: Action, *, line: int = 0, target: Target | None = None, **fields: Any) -> Step:
        """The next step; `fields` are those of `Step`. Raises ImportRefused when there are too many.

        What is typed into a field for a secret is left out, with a note. What commits whoever presses it becomes
        irreversible, and is a click.
        """
        if len(self._steps) >= MOST_STEPS:
            raise ImportRefused(f"more than {MOST_STEPS:,} steps; divide the recording", line=line)
        effect: Effect = fields.pop("effect", "read" if action in _READS else "reversible")
        step = Step(id=self._id(action, target, fields), action=action, target=target, effect=effect, **fields)
        step = self._without_secret(step, line)
        if action in _PRESSES and target is not None and commits_by_looks(target.fingerprint):
            if action != "click":
                self.note("what commits is clicked once, in place of this", line=line, step=action)
            step = replace(step, action="click", value="", effect="irreversible")
        step = self._when(step)
        self._steps.append(step)
        self._lines.append(line)
        return step

    @property
    def last(self) -> Step | None:
        """The step added last."""
        return self._steps[-1] if self._steps else None

    def amend(self, **fields: Any) -> None:
        """Change fields of the step added last: what a later line says of it (a tab, a dialog, what comes of it)."""
        if self._steps:
            self._steps[-1] = replace(self._steps[-1], **fields)

    def drop_last(self) -> None:
        """Take back the step added last: a later line stands for it, too (a text that was typed on)."""
        if self._steps:
            taken = self._steps.pop().id
            self._ids.discard(taken)
            self._numbers.clear()
            self._lines.pop()

    def _id(self, action: Action, target: Target | None, fields: dict[str, Any]) -> str:
        said = words_of_looks(target.fingerprint) if target is not None else (str(fields.get("saves", "")),)
        words = [word for word in words_of(" ".join(said[:1])) if word.isascii() and word.isalnum()][:4]
        plain = "-".join([action.replace("_", "-"), *words])[:_NAME_CHARS].rstrip("-")
        number, found = self._numbers.get(plain, 1), plain
        while found in self._ids:
            number += 1
            found = f"{plain}-{number}"
        self._numbers[plain] = number
        self._ids.add(found)
        return found

    def _without_secret(self, step: Step, line: int) -> Step:
        if step.action != "fill" or step.secret:
            return step
        kind = secret_kind(step.target.fingerprint, step.target.locators) if step.target else None
        if name := secret_in(step.value):
            return replace(step, value="", secret=name, one_time=kind == "one_time_code")
        if kind is None:
            return step
        words = kind.replace("_", " ")
        self.note(
            f"the {words} in the file was left out: it is typed from the vault's {kind!r}", line=line, step="fill"
        )
        return replace(step, value="", secret=kind, one_time=kind == "one_time_code")

    # conditions and loops

    def begin(self, when: When) -> None:
        """The steps until `end` are done only if this holds, and what is around it."""
        self._blocks.append(when)

    def begin_loop(
        self, *, for_each: str = "", rows: tuple[Locator, ...] = (), frame: tuple[str, ...] = (), most: int = 50
    ) -> bool:
        """The steps until `end` are done for each value of a list parameter, or each row. False: they stand in a loop
        already, so that this one is the importer's to unroll or to note; then there is no `end` for it."""
        if any(isinstance(one, Loop) for one in self._blocks):
            return False
        self._blocks.append(Loop(first="", last="", for_each=for_each, rows=rows, frame=frame, most=most))
        self._loop_began = len(self._steps)
        return True

    def end(self) -> bool:
        """The innermost block ends. False: none is open."""
        if not self._blocks:
            return False
        block = self._blocks.pop()
        inside = self._steps[self._loop_began :]
        if isinstance(block, Loop) and inside:
            self._loops.append(replace(block, first=inside[0].id, last=inside[-1].id))
        return True

    def _when(self, step: Step) -> Step:
        conditions = [one for one in self._blocks if isinstance(one, When)] + [one for one in (step.when,) if one]
        if not conditions:
            return step
        equals: dict[str, str] = {}
        given, page = "", None
        for one in conditions:
            equals |= one.equals
            if (given and one.given) or (page and one.page):
                self.note("of two conditions around it only the inner one is kept", step=step.id)
            given, page = one.given or given, one.page or page
        return replace(step, when=When(given=given, equals=equals, page=page))

    # the end

    def finish(self, *, steps: int, utterances: tuple[str, ...] = (), read_back: str = "", site: str = "") -> Imported:
        """The skill. `steps`: how many the file has. Raises ImportRefused with the reason."""
        while self._blocks:
            self.note("a block has no end; it ends with the file")
            self.end()
        if not self._steps:
            raise ImportRefused(f"{self._title or 'the file'}: it has no step that a skill can do")
        if not self._base:
            raise ImportRefused(
                f"{self._title or 'the file'}: it names no address; say which site it is for with `base`"
            )
        self._decide_acts()
        base = self.base
        entry, done = self._entry()
        if not done:
            raise ImportRefused(f"{self._title or 'the file'}: it only goes to {base}, and does nothing there")
        used = self._used(entry, done, read_back)
        host = urlsplit(base).hostname or ""
        name = slug_of(self._name or self._title) or slug_of(host) or "recording"
        effect = max((step.effect for step in done), key=_WEIGHTS.index)
        skill = Skill(
            format=FORMAT,
            name=name,
            description=f"{_lower(self._title) or 'do what was recorded'} on {host}",
            base=base,
            origins=Origins(navigate=tuple(dict.fromkeys((host, *self._hosts)))),
            entry=entry,
            steps=done,
            loops=tuple(self._loops),
            utterances=utterances or (self._utterance(name),),
            parameters=tuple(one for one in self._parameters.values() if one.name in used),
            effect=effect,
            site=site,
            read_back=read_back,
        )
        return Imported(skill=_checked(skill), notes=tuple(self._notes), steps=steps)

    def _used(self, *parts: Any) -> set[str]:
        """The values that something asks for. Raises ImportRefused for a text that is no template."""
        steps = [step for part in parts if isinstance(part, tuple) for step in part]
        asked = [(step.for_each, *((step.when.given, *step.when.equals) if step.when else ())) for step in steps]
        try:
            used = {name for text in texts_in(parts) for name in names_in(text)}
        except TemplateError as error:
            raise ImportRefused(f"{self._title or 'the file'}: no skill can be made of it: {error}") from error
        return used.union(*asked, (loop.for_each for loop in self._loops))

    def _decide_acts(self) -> None:
        """Acts get what the person must see before them and what must be seen after them."""
        for at, step in enumerate(self._steps):
            looks = step.target.fingerprint if step.target is not None else Fingerprint()
            rest = self._steps[at + 1 :]
            last = step.action == "click" and all(one.action in _LOOKS for one in rest)
            if step.effect == "irreversible" or (last and may_commit_by_looks(looks)):
                made, notes = commit(step, rest, urlsplit(self.base).hostname or "")
                self._steps[at] = made
                for words in notes:
                    self.note(words, line=self._lines[at], step=step.id)
        for loop in list(self._loops):
            ids = [step.id for step in self._steps]
            inside = self._steps[ids.index(loop.first) : ids.index(loop.last) + 1]
            if act := next((step.id for step in inside if step.effect == "irreversible"), ""):
                self._loops.remove(loop)
                self.note("a loop with something irreversible in it is done once, not again and again", step=act)

    def _entry(self) -> tuple[Entry, tuple[Step, ...]]:
        """Where it starts: the first address, if the file begins with one, else the site."""
        steps = [_at_site(step, self.base) for step in self._steps]
        first = steps[0]
        begins = first.action == "goto" and not (first.opens or first.tab or first.when)
        begins = begins and not any(first.id in (loop.first, loop.last) for loop in self._loops)
        if not begins:
            self.note(f"the file does not begin with an address: it starts at {self.base}/")
            return Entry(url="{site}/"), tuple(steps)
        return Entry(url=first.value, condition=first.postcondition), tuple(steps[1:])

    def _utterance(self, name: str) -> str:
        words = [word for word in words_of(self._title) if word.isascii() and word.isalnum()]
        return " ".join(words[:12]) or name.replace("_", " ")


def slug_of(text: str) -> str:
    """A lower-case word with _ between its parts, as names of skills and values are; "" where there is none in it."""
    plain = "".join(sign for sign in "_".join(words_of(text)) if sign in _PLAIN)
    plain = re.sub(r"__+", "_", plain.lstrip(string.digits + "_"))
    return plain[:_NAME_CHARS].strip("_")


def plain_address(url: str, base: str = "") -> str | None:
    """An address of the web, whole and with its host as it goes over the wire ("すし.example" is "xn--m8ju.example");
    None when it is none."""
    try:
        whole = urljoin(base, url) if base else url
        parts = urlsplit(whole)
        host, _ = parts.hostname, parts.port
        if parts.scheme not in ("http", "https") or not host:
            return None
        return whole if host.isascii() else whole.replace(host, host.encode("idna").decode(), 1)
    except ValueError:
        return None


def _lower(title: str) -> str:
    """A title as it reads within a sentence, without what means something in a template."""
    plain = re.sub(r"[{}\[\]]", " ", title)
    plain = " ".join(plain.split())
    return plain[:1].lower() + plain[1:] if plain[1:2].islower() else plain


def _at_site(step: Step, base: str) -> Step:
    """The step with `{site}` in place of the base in its addresses, conditions and frames."""

    def moved(thing: Any) -> Any:
        if isinstance(thing, str):
            plain = thing.removeprefix("url=")
            rest = plain.removeprefix(literal(base))
            begins = plain != rest and (not rest or rest[0] in "/?#*")
            return thing[: len(thing) - len(plain)] + "{site}" + rest if begins else thing
        return [moved(one) for one in thing]

    def condition(one: Condition | None) -> Condition | None:
        return replace(one, url=moved(one.url), frame=tuple(moved(one.frame))) if one is not None else None

    def target(one: Target | None) -> Target | None:
        if one is None or not one.fingerprint.frame:
            return one
        return replace(one, fingerprint=replace(one.fingerprint, frame=tuple(moved(one.fingerprint.frame))))

    when = replace(step.when, page=condition(step.when.page)) if step.when is not None else None
    return replace(
        step,
        value=moved(step.value) if step.action == "goto" else step.value,
        target=target(step.target),
        onto=target(step.onto),
        wait=condition(step.wait),
        postcondition=condition(step.postcondition),
        until=condition(step.until),
        confirms=tuple(replace(one, frame=tuple(moved(one.frame))) for one in step.confirms),
        when=when,
    )


def _checked(skill: Skill) -> Skill:
    """The skill as it is read from a file. Raises ImportRefused."""
    try:
        return checks.parse_skill(msgspec.json.encode(skill), skill.name)
    except SkillError as error:
        raise ImportRefused(f"no skill can be made of it: {error}") from error
