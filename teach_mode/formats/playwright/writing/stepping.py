"""The steps of a skill as statements of Python."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from browser.conditions import Condition
from browser.locators import Locator, LocatorKind
from teach_mode.formats.playwright.scripts.telling import is_secret
from teach_mode.formats.playwright.writing.elements import in_python
from teach_mode.formats.playwright.writing.texts import Texts, quoted
from teach_mode.formats.reports import Note
from teach_mode.skill import DialogAnswer, Step, Target, When
from teach_mode.templates import names_in, places_in, render, render_sentence
from teach_mode.uploads import PHOTO_PLACE

_INDENT = "    "
# How long a step that need not be there is waited for, in ms.
OPTIONAL_MS = 3_000
_ACTS = {
    "click": "click()",
    "double_click": "dblclick()",
    "right_click": 'click(button="right")',
    "middle_click": 'click(button="middle")',
    "check": "check()",
    "uncheck": "uncheck()",
    "hover": "hover()",
}


class Stepping:
    """Writes steps as lines. `wait` is "await " in a script of the asynchronous kind."""

    def __init__(self, texts: Texts, *, wait: str, said: frozenset[str]) -> None:
        self.notes: list[Note] = []
        self.secrets: set[str] = set()
        self.timeouts = False
        self.globs = False
        self._texts = texts
        self._wait = wait
        self._with = "async with" if wait else "with"
        self._said = said  # Names of read-backs that are said at the end.
        self._further: list[str] = []

    def note(self, step: str, words: str) -> None:
        """Say what is not in the script."""
        self.notes.append(Note(0, step, words))

    def finish(self) -> None:
        """Notes about the script as a whole."""
        if self._further:
            words = f"of {len(self._further)} elements the first way to name them is written, and no further one"
            self.note("", words)

    def lines(self, step: Step) -> Iterator[str]:
        """A step with what is asked before and after it."""
        body = [*self._waited(step), *self._repeated(step)]
        if step.for_each:
            body = [f"for item in {self._texts.names[step.for_each]}:", *indented(body)]
        if step.when is not None:
            asked = self._when(step, step.when)
            if asked is None:
                return
            body = [f"if {asked}:", *indented(body)]
        yield from body

    def _waited(self, step: Step) -> Iterator[str]:
        if step.wait is not None:
            yield from self.holds(step.wait, step, asserted=step.action == "assert")

    def _repeated(self, step: Step) -> Iterator[str]:
        if step.until is None:
            yield from self._done(step)
            return
        if step.turn is not None:
            self.note(step.id, "it turns one way only: the other way of a calendar is left out")
        asked = self._asked(step.until, step)
        changing = self._element(step.changes[0], step.until.frame, step)
        if asked is None:
            self.note(step.id, "left out: what it is repeated for cannot be asked")
            return
        once = replace(step, until=None, wait=None)
        yield f"for _ in range({step.most}):"
        yield f"{_INDENT}if {asked}:"
        yield f"{_INDENT * 2}break"
        yield f"{_INDENT}before = {self._wait}{changing}.inner_text()"
        yield from indented([*self._done(once)])
        yield f"{_INDENT}{self._wait}expect({changing}).not_to_have_text(before)"

    def _done(self, step: Step) -> Iterator[str]:
        if step.action in ("wait", "assert"):
            return
        act = [*self._act(step)]
        if not act:
            return
        if step.dialog is not None:
            yield self._answer(step, step.dialog)
        if step.downloads:
            name = self._texts.names[step.downloads]
            act = [f"{self._with} {self._page(step)}.expect_download() as {name}_info:", *indented(act)]
            act.append(f"{name} = ({self._wait}{name}_info.value).suggested_filename")
        if step.opens and step.action != "goto":
            tab = tab_name(step.opens)
            act = [f"{self._with} {self._page(step)}.expect_popup() as {tab}_info:", *indented(act)]
            act.append(f"{tab} = {self._wait}{tab}_info.value")
        yield from act
        if step.postcondition is not None:
            yield from self.holds(step.postcondition, step, asserted=True)

    def _page(self, step: Step) -> str:
        return tab_name(step.tab)

    def _element(self, locator: Locator, frame: tuple[str, ...], step: Step) -> str:
        return in_python(locator, frame, self._page(step), self._texts)

    def _target(self, target: Target, step: Step) -> str:
        if len(target.locators) > 1:
            self._further.append(step.id)
        first = target.locators[0]
        if step.action == "select" and first.kind is LocatorKind.LABEL:
            first = replace(
                first, exact=False
            )  # To Playwright the options of a list are a part of the label around it.
        return self._element(first, target.fingerprint.frame, step)

    def _act(self, step: Step) -> Iterator[str]:
        if step.effect == "irreversible":
            yield from self._guarded(step)
        if step.action == "goto":
            yield from self._goto(step)
        elif step.target is None:
            yield from self._on_page(step)
        else:
            act = f"{self._wait}{self._on_element(step, step.target)}"
            if step.optional:
                self.timeouts = True
                yield "try:"
                yield f"{_INDENT}{_hurried(act)}"
                yield "except PlaywrightTimeout:"
                yield f"{_INDENT}pass  # It is not there today."
            else:
                yield act if step.action != "read" else f"{self._texts.names[step.saves]} = {act}"

    def _goto(self, step: Step) -> Iterator[str]:
        url = self._texts.of(step.value, encode=True)
        tab = self._page(step)
        if step.opens:
            tab = tab_name(step.opens)
            yield f"{tab} = {self._wait}page.context.new_page()"
        yield f"{self._wait}{tab}.goto({url})"

    def _on_page(self, step: Step) -> Iterator[str]:
        page = self._page(step)
        if step.action == "press":
            yield f"{self._wait}{page}.keyboard.press({self._texts.of(step.value)})"
        elif step.action == "scroll":
            yield f"{self._wait}{page}.mouse.wheel(0, {self._number(step)})"
        elif step.action == "close":
            yield f"{self._wait}{page}.close()"

    def _number(self, step: Step) -> str:
        if places_in(step.value):
            return f"int({self._texts.of(step.value)})"
        plain = render(step.value, {})
        return plain if plain.lstrip("-").isdecimal() else "0"

    def _on_element(self, step: Step, target: Target) -> str:
        found = self._target(target, step)
        match step.action:
            case "fill" if step.secret:
                return f"{found}.fill({self._secret(step)})"
            case "fill":
                return f"{found}.fill({self._texts.of(step.value)})"
            case "select":
                options = [self._texts.of(line) for line in step.value.split("\n")] or ['""']
                return f"{found}.select_option({options[0] if len(options) == 1 else '[' + ', '.join(options) + ']'})"
            case "press":
                return f"{found}.press({self._texts.of(step.value)})"
            case "upload":
                return f"{found}.set_input_files({self._files(step)})"
            case "drag" if step.onto is not None:
                return f"{found}.drag_to({self._target(step.onto, step)})"
            case "scroll":
                if step.value:
                    self.note(step.id, "it comes into view: how far something is scrolled within itself is left out")
                return f"{found}.scroll_into_view_if_needed()"
            case "read":
                return f"{found}.{'all_inner_texts' if step.many else 'inner_text'}()"
            case _:
                return f"{found}.{_ACTS[step.action]}"

    def _secret(self, step: Step) -> str:
        plain = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in step.secret).upper().strip("_")
        name = f"{plain}_OTP" if step.one_time else plain
        name = name if is_secret(name) else f"{name}_SECRET"
        self.secrets.add(name)
        self.note(step.id, f"the secret {step.secret!r} is taken from the environment's {name} when the script is run")
        return f"os.environ[{quoted(name)}]"

    def _files(self, step: Step) -> str:
        names = [self._texts.of("photo.jpg" if line == PHOTO_PLACE else line) for line in step.value.splitlines()]
        self.note(step.id, f"put {', '.join(names)} beside the script: files of a skill are not in it")
        return names[0] if len(names) == 1 else "[" + ", ".join(names) + "]"

    def _answer(self, step: Step, dialog: DialogAnswer) -> str:
        text = self._texts.of(dialog.text) if dialog.text else ""
        answer = f"dialog.accept({text})" if dialog.accept else "dialog.dismiss()"
        if dialog.message:
            answer = f"{answer} if {self._texts.of(dialog.message)} in dialog.message else dialog.dismiss()"
        return f'{self._page(step)}.once("dialog", lambda dialog: {answer})'

    def _guarded(self, step: Step) -> Iterator[str]:
        """What the site must say before an act that cannot be taken back, as far as a script can look at it."""
        asked = render_sentence(step.question, dict.fromkeys(names_in(step.question.replace("[[", "")), "…"))
        yield f"# This cannot be taken back. Leveret asks before it: {asked}"
        self.note(step.id, "it cannot be taken back, and the script does it without asking anybody")
        for confirm in step.confirms:
            element = self._element(confirm.locators[0], confirm.frame, step)
            if confirm.expect:
                words = self._texts.of(confirm.expect)
                yield f"{self._wait}expect({element}).to_contain_text({words}, ignore_case=True)"
            if confirm.name in self._said:
                yield f"{self._texts.names[confirm.name]} = {self._wait}{element}.inner_text()"
            if confirm.capped:
                self.note(step.id, f"nobody holds {confirm.title!r} to a limit in the script")

    def texts_of(self, rows: Locator, frame: tuple[str, ...]) -> str:
        """What each row says."""
        return f"{self._wait}{in_python(rows, frame, 'page', self._texts)}.all_inner_texts()"

    # conditions

    def holds(self, condition: Condition, step: Step, *, asserted: bool) -> Iterator[str]:
        """Lines that wait until a condition holds, or fail."""
        page = self._page(step) if not (step.action == "goto" and step.opens) else tab_name(step.opens)
        if condition.url:
            address = self._texts.address(condition.url)
            if asserted:
                yield f"{self._wait}expect({page}).to_have_url({address})"
            else:
                yield f"{self._wait}{page}.wait_for_url({address})"
        there = in_either(condition.visible, condition.frame, page, self._texts)
        if there:
            yield self._wait + (f"expect({there}).to_be_visible()" if asserted else f"{there}.wait_for()")
        gone = in_either(condition.hidden, condition.frame, page, self._texts)
        if gone:
            yield self._wait + (f"expect({gone}).to_be_hidden()" if asserted else f'{gone}.wait_for(state="hidden")')
        if condition.text:
            yield f"{self._wait}expect({self._body(condition, page)}).to_contain_text({self._texts.of(condition.text)})"

    def _body(self, condition: Condition, page: str) -> str:
        return in_python(Locator(kind=LocatorKind.CSS, value="body"), condition.frame, page, self._texts)

    def _when(self, step: Step, when: When) -> str | None:
        asked = [self._texts.names[when.given]] if when.given else []
        for name, wanted in when.equals.items():
            asked.append(f"str({self._texts.names[name]}) == {quoted(wanted)}")
        if when.page is not None:
            page = self._asked(when.page, step)
            if page is None:
                self.note(step.id, "left out: what it asks of the page cannot be asked")
                return None
            asked.append(page)
        return " and ".join(asked) or "True"

    def _asked(self, condition: Condition, step: Step) -> str | None:
        """A condition as it is now, without waiting."""
        page, asked = self._page(step), []
        if condition.url:
            self.globs = True
            asked.append(f"fnmatchcase({page}.url, {self._texts.of(condition.url)})")
        there = in_either(condition.visible, condition.frame, page, self._texts)
        asked += [f"{self._wait}{there}.is_visible()"] if there else []
        gone = in_either(condition.hidden, condition.frame, page, self._texts)
        asked += [f"not {self._wait}{gone}.is_visible()"] if gone else []
        if condition.text:
            text = f"{self._texts.of(condition.text)} in {self._wait}{self._body(condition, page)}.inner_text()"
            asked.append(text)
        return " and ".join(asked) or None


def in_either(locators: tuple[Locator, ...], frame: tuple[str, ...], page: str, texts: Texts) -> str:
    """What any of the locators finds; "" when there are none."""
    found = [in_python(locator, frame, page, texts) for locator in locators]
    if not found:
        return ""
    return found[0] + "".join(f".or_({one})" for one in found[1:]) + (".first" if len(found) > 1 else "")


def tab_name(tab: str) -> str:
    """What a tab is called in the script."""
    if not tab:
        return "page"
    return tab if tab.startswith("page") and tab[4:].isdecimal() else f"tab_{tab.replace('-', '_')}"


def _hurried(act: str) -> str:
    """The call with a limit of time."""
    body = act[:-1]
    return f"{body}{'' if body.endswith('(') else ', '}timeout={OPTIONAL_MS})"


def indented(lines: list[str]) -> list[str]:
    """The lines one step further in."""
    return [_INDENT + line for line in lines]
