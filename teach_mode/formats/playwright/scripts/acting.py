"""What a script does to elements, as steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from browser.conditions import Condition
from teach_mode.formats.playwright.carrying import file_name
from teach_mode.formats.playwright.chains import written
from teach_mode.formats.playwright.naming import as_field
from teach_mode.formats.playwright.scripts.telling import Args, Telling, as_text, texts_of
from teach_mode.formats.playwright.scripts.values import (
    Awaited,
    Element,
    Fact,
    Items,
    ListOf,
    Number,
    Pairs,
    Read,
    Text,
    Unknown,
    Value,
)
from teach_mode.skill import Action, Target

_CLICKS = frozenset(("click", "dblclick", "tap"))
_READS = {
    "inner_text": "text",
    "text_content": "text",
    "input_value": "value",
    "count": "count",
    "get_attribute": "attribute",
    "all_inner_texts": "texts",
    "all_text_contents": "texts",
}
_FACTS = frozenset(("is_visible", "is_hidden", "is_enabled", "is_disabled", "is_checked", "is_editable"))
_BUTTONS: dict[str, Action] = {"left": "click", "right": "right_click", "middle": "middle_click"}
_NOTED = {
    "focus": "what is typed into a field puts the focus there itself",
    "blur": "a field is left by what is done next",
    "select_text": "what is typed takes the place of what stood there",
    "screenshot": "a skill takes its pictures itself",
    "highlight": "it only shows something to whoever watches",
    "evaluate": "a skill runs no scripts",
    "evaluate_all": "a skill runs no scripts",
    "evaluate_handle": "a skill runs no scripts",
    "bounding_box": "a skill knows no places on the screen",
    "aria_snapshot": "a skill cannot look at the structure of a page",
    "inner_html": "a skill looks at texts, not at HTML",
    "all": "only the page tells how many there are",
}


class Acting:
    """Calls on locators. `tell` is where their steps go."""

    def __init__(self, tell: Telling) -> None:
        self.tell = tell

    def call(self, of: Element, method: str, args: Args) -> Value:
        """One call; what it answers."""
        if method in _READS:
            return self._read(of, method)
        if method in _FACTS:
            return self._fact(of, method, args)
        if method in _NOTED:
            return self.tell.left_out(args, method, _NOTED[method])
        if method in ("element_handle", "wait_for"):
            return self.wait_for(of, args) if method == "wait_for" else of
        acts: dict[str, Callable[[Element, Args], None]] = {
            "fill": self._fill,
            "type": self._type,
            "press_sequentially": self._type,
            "clear": self._clear,
            "press": self._press,
            "check": self._check,
            "uncheck": self._uncheck,
            "set_checked": self._set_checked,
            "select_option": self._select,
            "set_input_files": self._upload,
            "hover": self._hover,
            "drag_to": self._drag,
            "scroll_into_view_if_needed": self._scroll,
            "dispatch_event": self._dispatch,
        }
        if method in _CLICKS:
            self._click(of, method, args)
        elif method in acts:
            self.tell.steps += 1
            acts[method](of, args)
        else:
            return self.tell.left_out(args, method, f"a skill has nothing like {method}()")
        return Number(None)

    def target(self, of: Element, args: Args, step: str) -> Target | None:
        """The element as a target; None, with a note: a skill cannot name it."""
        return self.tell.carry.element(of.chain, tab=of.tab, line=args.line, step=step)

    def _add(self, action: Action, of: Element, args: Args, step: str, **fields: Any) -> bool:
        target = self.target(of, args, step)
        if target is None:
            return False
        self.tell.add(action, args, target=target, tab=of.tab, **fields)
        return True

    def _click(self, of: Element, method: str, args: Args) -> None:
        self.tell.steps += 1
        if args.is_true("trial"):
            self.tell.note(args, "it is not pressed, and only seen to be there", method)
            self.see(of, args, method)
            return
        count = args.named.get("click_count")
        number = count.value if isinstance(count, Number) and isinstance(count.value, int) else 1
        number = max(number, 2 if method == "dblclick" else 1)
        button = as_text(args.named.get("button")) or "left"
        action = _BUTTONS.get(button, "click")
        if number > 2:
            self.tell.note(args, f"{number} clicks are made as two", method)
        if held := texts_of(args.named.get("modifiers")):
            self.tell.note(args, f"no key is held during a click ({', '.join(held)})", method)
        self._inaccurate(args, method)
        self._add("double_click" if number > 1 and action == "click" else action, of, args, method)

    def _inaccurate(self, args: Args, step: str) -> None:
        if isinstance(args.named.get("position"), Pairs):
            self.tell.note(args, "the place on the element is not carried: its middle is meant", step)
        if args.is_true("force"):
            self.tell.note(args, "it is not pressed through what lies on it: it is waited for until it can be", step)

    def _fill(self, of: Element, args: Args) -> None:
        value, secret = self.tell.typed(args.at(0, "value"), args, "fill", _called(of))
        self._add("fill", of, args, "fill", value=value, secret=secret)

    def _type(self, of: Element, args: Args) -> None:
        """Typed key by key: it goes on behind what was typed there before."""
        value, secret = self.tell.typed(args.at(0, "text"), args, "type", _called(of))
        target, last = self.target(of, args, "type"), self.tell.made.last
        if target is None:
            return
        if last is not None and last.action == "fill" and last.target == target and not secret and not last.secret:
            self.tell.made.amend(value=last.value + value)
            return
        self.tell.add("fill", args, target=target, tab=of.tab, value=value, secret=secret)

    def _clear(self, of: Element, args: Args) -> None:
        self._add("fill", of, args, "clear", value="")

    def _press(self, of: Element, args: Args) -> None:
        key = args.text(0, "key")
        if key is None:
            self.tell.note(args, "left out: which key is not said in so many words", "press")
            return
        self._add("press", of, args, "press", value=key)

    def _check(self, of: Element, args: Args) -> None:
        self._inaccurate(args, "check")
        self._add("check", of, args, "check")

    def _uncheck(self, of: Element, args: Args) -> None:
        self._inaccurate(args, "uncheck")
        self._add("uncheck", of, args, "uncheck")

    def _set_checked(self, of: Element, args: Args) -> None:
        wanted = args.at(0, "checked")
        if not isinstance(wanted, Number) or not isinstance(wanted.value, bool):
            self.tell.note(args, "left out: whether it is checked is not said in so many words", "set_checked")
            return
        self._add("check" if wanted.value else "uncheck", of, args, "set_checked")

    def _select(self, of: Element, args: Args) -> None:
        value = next((one for one in (args.at(0, "value"), *map(args.named.get, ("label", "index"))) if one), None)
        if isinstance(value, Number) or "index" in args.named:
            self.tell.note(
                args, "left out: an option is chosen by what it is called, not by its place", "select_option"
            )
            return
        if isinstance(value, ListOf):
            options: list[str] | None = ["{" + value.name + "|join:\n}"]
        elif isinstance(value, Items) and not value.items:
            self.tell.note(args, "left out: a choice is not taken back", "select_option")
            return
        else:
            options = texts_of(value)
        if options is None:
            options = [self.tell.typed(value, args, "select_option", _called(of))[0]]
        self._add("select", of, args, "select_option", value="\n".join(options))

    def _upload(self, of: Element, args: Args) -> None:
        self.upload(of, args.at(0, "files"), args)

    def upload(self, of: Element, files: Value | None, args: Args) -> None:
        """Files put into a field, by their names."""
        paths = texts_of(files)
        names = [file_name(path) for path in paths or ()]
        if not names or not all(names):
            why = "which files is not said in so many words" if paths is None else "it takes the files away again"
            why = "a file's name is none that a skill can keep" if names else why
            self.tell.note(args, f"left out: {why}", "set_input_files")
            return
        of = Element(of.tab, as_field(of.chain))
        if self._add("upload", of, args, "set_input_files", value="\n".join(names)):
            self.tell.note(
                args, f"keep {', '.join(names)} with the skill: a script has no files in it", "set_input_files"
            )

    def _hover(self, of: Element, args: Args) -> None:
        self._inaccurate(args, "hover")
        self._add("hover", of, args, "hover")

    def drag(self, of: Element, onto: Value | None, args: Args) -> None:
        """From one element to another."""
        target = self.target(onto, args, "drag_to") if isinstance(onto, Element) else None
        if target is None:
            self.tell.note(args, "left out: what it is dragged to is not known", "drag_to")
            return
        self._add("drag", of, args, "drag_to", onto=target)

    def _drag(self, of: Element, args: Args) -> None:
        self.drag(of, args.at(0, "target"), args)

    def _scroll(self, of: Element, args: Args) -> None:
        self._add("scroll", of, args, "scroll_into_view_if_needed")

    def _dispatch(self, of: Element, args: Args) -> None:
        event = args.text(0, "type")
        if event not in ("click", "dblclick"):
            self.tell.note(args, f"left out: a skill makes no {event or 'such'} event by itself", "dispatch_event")
            return
        self.tell.note(args, "a click is made in place of its event alone", "dispatch_event")
        self._add("click" if event == "click" else "double_click", of, args, "dispatch_event")

    def wait_for(self, of: Element, args: Args) -> Value:
        """Until it is to be seen, or gone."""
        self.tell.steps += 1
        state = as_text(args.named.get("state")) or args.text(0, "state") or "visible"
        if state == "attached":
            self.tell.note(args, "it is waited for until it is to be seen, too", "wait_for")
        seen = self.tell.carry.seen(
            of.chain, tab=of.tab, line=args.line, step="wait_for", gone=state in ("hidden", "detached")
        )
        if seen is not None:
            self.tell.add("wait", args, wait=seen, tab=of.tab)
        return of

    def see(self, of: Element, args: Args, step: str) -> None:
        """That it is there."""
        seen = self.tell.carry.seen(of.chain, tab=of.tab, line=args.line, step=step)
        if seen is not None:
            self.tell.add("assert", args, wait=seen, tab=of.tab)

    def _read(self, of: Element, method: str) -> Value:
        what: Any = _READS[method]
        return Read(what, of.tab, of.chain)

    def keep(self, read: Read, name: str, node: Args) -> Value:
        """A text of the page that a name is given to: it is read, and kept as a value."""
        self.tell.steps += 1
        if read.what not in ("text", "value", "texts"):
            self.tell.note(node, f"left out: a skill reads texts, and not the {read.what} of something", "read")
            return Unknown("a skill does not read it")
        target = self.target(Element(read.tab, read.chain), node, "read")
        if target is None:
            return Unknown("a skill cannot name what it reads")
        saved = self.tell.saved(name)
        many = read.what == "texts"
        self.tell.add("read", node, target=target, tab=read.tab, saves=saved, many=many)
        return ListOf(saved) if many else Text("{" + saved + "}")

    def _fact(self, of: Element, method: str, args: Args) -> Value:
        if method not in ("is_visible", "is_hidden"):
            return Unknown(f"a skill cannot ask whether something {method.replace('_', ' ')}")
        shown = self.tell.carry.seen(of.chain, tab=of.tab, line=args.line, step=method)
        if shown is None:
            return Unknown(f"a skill cannot name {written(of.chain)}")
        gone = Condition(hidden=shown.visible, frame=shown.frame)
        return Fact(of.tab, shown, gone) if method == "is_visible" else Fact(of.tab, gone, shown)

    def choose(self, awaited: Awaited, files: Value | None, args: Args) -> Value:
        """Files given to a chooser that a click brought up: they go to what was clicked."""
        self.tell.steps += 1
        last = self.tell.made.last
        if last is None or last.action != "click" or last.target is None:
            self.tell.note(args, "left out: what brought up the choice of files is not known", "set_files")
            return Number(None)
        paths = texts_of(files)
        names = [file_name(path) for path in paths or ()]
        if not names or not all(names):
            self.tell.note(args, "left out: which files is not said in so many words", "set_files")
            return Number(None)
        self.tell.made.drop_last()
        self.tell.add("upload", args, target=last.target, tab=awaited.tab, value="\n".join(names))
        self.tell.note(
            args, f"keep {', '.join(names)} with the skill; they go to the field that is clicked", "set_files"
        )
        return Number(None)


def _called(of: Element) -> str:
    """What a field is called, as the name of a value."""
    for part in reversed(of.chain):
        if part.text is not None and part.engine in ("label", "placeholder", "role", "testid", "title"):
            return part.text.text
    return "value"
