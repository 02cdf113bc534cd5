"""What a script does to pages, contexts and browsers, as steps."""

from __future__ import annotations

import ast

from browser.conditions import Condition
from teach_mode.formats.playwright.chains import SelectorUnreadable
from teach_mode.formats.playwright.scripts.acting import Acting
from teach_mode.formats.playwright.scripts.expecting import address
from teach_mode.formats.playwright.scripts.locating import LOCATORS, NoLocator, located
from teach_mode.formats.playwright.scripts.telling import Args, as_text
from teach_mode.formats.playwright.scripts.values import (
    Awaited,
    Dialog,
    Download,
    Element,
    Number,
    Part,
    Read,
    Tab,
    Text,
    Unknown,
    Value,
)
from teach_mode.skill import DialogAnswer

# Calls that do something to an element named by their first argument.
_BY_SELECTOR = frozenset(
    ("click", "dblclick", "tap", "fill", "type", "press", "check", "uncheck", "set_checked", "select_option", "hover")
    + ("set_input_files", "focus", "text_content", "inner_text", "input_value", "get_attribute", "inner_html")
    + ("is_visible", "is_hidden", "is_enabled", "is_disabled", "is_checked", "is_editable", "dispatch_event")
)
_WAITS = {
    "wait_for_timeout": "each step waits for its element",
    "wait_for_load_state": "each step waits for its element",
    "wait_for_function": "a skill runs no scripts",
    "wait_for_event": "a skill waits for what is to be seen",
    "wait_for_request": "a skill waits for what is to be seen",
    "wait_for_response": "a skill waits for what is to be seen",
}
_NOTED = {
    "evaluate": "a skill runs no scripts",
    "evaluate_handle": "a skill runs no scripts",
    "eval_on_selector": "a skill runs no scripts",
    "eval_on_selector_all": "a skill runs no scripts",
    "add_init_script": "a skill runs no scripts",
    "add_script_tag": "a skill runs no scripts",
    "add_style_tag": "a skill changes no page",
    "expose_function": "a skill runs no scripts",
    "expose_binding": "a skill runs no scripts",
    "set_content": "a skill does something on a site, not on a page of its own",
    "route": "a skill answers no requests in place of the site",
    "route_from_har": "a skill answers no requests in place of the site",
    "unroute": "a skill answers no requests in place of the site",
    "screenshot": "a skill takes its pictures itself",
    "pdf": "a skill prints nothing",
    "pause": "a skill stops for its questions alone",
    "go_forward": "a skill goes to addresses",
    "set_viewport_size": "the window of a skill has its own size",
    "emulate_media": "the browser of a skill has its own settings",
    "set_extra_http_headers": "the browser of a skill has its own settings",
    "set_default_timeout": "a step of a skill has 10 s",
    "set_default_navigation_timeout": "a step of a skill has 10 s",
    "add_locator_handler": "what stands in the way is put aside by the rules of docs/skills.md",
}
_OF_CONTEXT = {
    "storage_state": "who is signed in is kept with the person's account, not in a file",
    "add_cookies": "a skill brings no cookies",
    "clear_cookies": "a skill brings no cookies",
    "grant_permissions": "the browser of a skill has its own settings",
    "set_geolocation": "the browser of a skill has its own settings",
    "set_offline": "the browser of a skill has its own settings",
}
# Made and closed around what is done; nothing of it is a step.
_AROUND = frozenset(("close", "stop", "bring_to_front"))
_HARMLESS = frozenset(
    ("viewport", "no_viewport", "base_url", "ignore_https_errors", "record_video_dir", "service_workers")
)
_EVENTS = {"popup": "popup", "page": "popup", "download": "download", "filechooser": "file_chooser", "dialog": "dialog"}


class Paging:
    """Calls on pages and what is around them."""

    def __init__(self, acting: Acting) -> None:
        self._acting = acting
        self._tell = acting.tell
        self._awaited = 0
        self._early: dict[int, Value] = {}  # What was asked for before its `with` ended.

    def element(self, of: Tab | Element, method: str, args: Args) -> Value:
        """What a call of a locator names."""
        try:
            return located(of, method, args)
        except (NoLocator, SelectorUnreadable) as error:
            return Unknown(str(error))

    def call(self, of: Tab, method: str, args: Args) -> Value:
        """A call on a page."""
        if method in LOCATORS:
            return self.element(of, method, args)
        if method in _BY_SELECTOR or method in ("wait_for_selector", "drag_and_drop"):
            return self._by_selector(of, method, args)
        if method in _WAITS:
            return self._tell.left_out(args, method, _WAITS[method])
        if method in _NOTED:
            return self._tell.left_out(args, method, _NOTED[method])
        match method:
            case "goto":
                self._goto(of, args)
            case "reload" | "go_back":
                return self._again(of, method, args)
            case "wait_for_url":
                self._wait_for_url(of, args)
            case "close":
                self._close(of, args)
            case "title":
                return Read("title", of.name)
            case "content":
                return Unknown("a skill reads texts, not HTML")
            case "on" | "once":
                return self._heard(args)
            case "bring_to_front" | "remove_listener" | "is_closed":
                pass
            case _:
                return self._tell.left_out(args, method, f"a skill has nothing like {method}()")
        return Number(None)

    def _by_selector(self, of: Tab, method: str, args: Args) -> Value:
        if method == "drag_and_drop":
            source, onto = (self.element(of, "locator", Args(args.node, (one,))) for one in args.given[:2])
            self._tell.steps += 1
            if isinstance(source, Element):
                self._acting.drag(source, onto, args)
            else:
                self._tell.note(args, "left out: what is dragged is not known", method)
            return Number(None)
        named = self.element(of, "locator", Args(args.node, args.given[:1], {}))
        if not isinstance(named, Element):
            why = named.why if isinstance(named, Unknown) else "its selector is not known"
            return self._tell.left_out(args, method, why)
        rest = args.without_first()
        if method == "wait_for_selector":
            return self._acting.wait_for(named, rest)
        return self._acting.call(named, method, rest)

    def _goto(self, of: Tab, args: Args) -> None:
        self._tell.steps += 1
        given = args.at(0, "url")
        url = given.path if isinstance(given, Unknown) and given.path else args.text(0, "url")
        if url is None:
            self._tell.note(args, "left out: the address is not said in so many words", "goto")
            return
        if isinstance(given, Unknown):
            self._tell.note(args, f"{url} is on the site that the script is given when it is run", "goto")
        if url in ("about:blank", ""):
            self._tell.note(args, "left out: it goes to an empty page", "goto")
            return
        opens = self.opening(of)
        if self._tell.made.goto(url, line=args.line, tab="" if opens else of.name, opens=opens) is not None:
            self._tell.carry.went(of.name, url)

    def opening(self, of: Tab) -> str:
        """The tab's name if the script made it and nothing was opened in it yet; "" else."""
        if of.name in self._tell.unopened:
            self._tell.unopened.discard(of.name)
            return of.name
        return ""

    def _again(self, of: Tab, method: str, args: Args) -> Value:
        """The page once more: its address is gone to, where the script says which that is."""
        last = self._tell.made.last
        url = self._tell.carry.urls.get(of.name, "")
        known = last is not None and last.action in ("goto", "wait", "assert", "read", "fill", "hover")
        if method == "go_back" or not url or not known:
            return self._tell.left_out(args, method, "where it leads is not said in so many words")
        self._tell.steps += 1
        self._tell.made.goto(url, line=args.line, tab=of.name)
        return Number(None)

    def _wait_for_url(self, of: Tab, args: Args) -> None:
        self._tell.steps += 1
        url = address(args.at(0, "url"))
        if url is None:
            self._tell.note(args, "left out: the address is not said in so many words", "wait_for_url")
            return
        self._tell.add("wait", args, wait=Condition(url=self._tell.carry.whole(of.name, url)), tab=of.name)

    def _close(self, of: Tab, args: Args) -> None:
        if of.name and not self.opening(of):
            self._tell.steps += 1
            self._tell.add("close", args, tab=of.name)

    def _heard(self, args: Args) -> Value:
        """What is done when something happens, by the reader: a dialog is answered."""
        event = args.text(0, "event") or ""
        if event == "dialog":
            return Dialog()
        return self._tell.left_out(args, f"on {event}", "a skill does one thing after the other")

    def answered(self, args: Args, method: str) -> Value:
        """A dialog is answered by its handler."""
        text = args.text(0, "prompt_text") or ""
        self._tell.dialog = DialogAnswer(accept=method == "accept", text=text)
        return Number(None)

    def awaits(self, of: Tab | Part, method: str, args: Args) -> Awaited | None:
        """What `with page.expect_…()` waits for; None: it is not one of them."""
        if not method.startswith("expect_"):
            return None
        kind = method.removeprefix("expect_")
        if kind == "event":
            kind = _EVENTS.get(args.text(0, "event") or "", "event")
        self._awaited += 1
        tab = of.tab if isinstance(of, Part) else of.name
        return Awaited("popup" if kind == "page" else kind, tab, "", self._awaited)

    def brought(self, awaited: Awaited, name: str, args: Args, done: bool) -> Value:
        """What came of the steps inside of `with page.expect_…()`."""
        if awaited.number in self._early:
            return self._early[awaited.number]
        if awaited.kind not in ("popup", "download", "file_chooser", "dialog"):
            self._tell.note(args, "not waited for: a skill waits for what is to be seen", f"expect_{awaited.kind}")
            return awaited
        if not done:
            self._tell.note(args, "left out: nothing inside of it is a step of the skill", f"expect_{awaited.kind}")
            return Unknown("nothing brings it up")
        if awaited.kind == "popup":
            tab = self.new_tab()
            self._tell.made.amend(opens=tab.name)
            return Awaited("popup", tab.name, name)
        if awaited.kind == "download":
            saved = self._tell.saved(name.removesuffix("_info") or "download")
            self._tell.made.amend(downloads=saved)
            return Awaited("download", awaited.tab, saved)
        return Awaited(awaited.kind, awaited.tab, name)

    def value_of(self, awaited: Awaited, node: ast.AST) -> Value:
        """`info.value`."""
        if awaited.number and awaited.kind in ("popup", "download"):
            done = self._tell.made.last is not None
            brought = self.brought(awaited, awaited.kind, Args(node), done)
            self._early[awaited.number] = brought
            return self.value_of(brought, node) if isinstance(brought, Awaited) else brought
        if awaited.kind == "popup":
            return Tab(awaited.tab)
        if awaited.kind == "download":
            return Download(awaited.name)
        return awaited if awaited.kind in ("file_chooser", "dialog") else Unknown("only the site tells what it answers")

    def of_awaited(self, awaited: Awaited, method: str, args: Args) -> Value:
        """A call on what came: files chosen, a dialog answered."""
        if awaited.kind == "file_chooser" and method == "set_files":
            return self._acting.choose(awaited, args.at(0, "files"), args)
        if awaited.kind == "dialog" and method in ("accept", "dismiss"):
            self.answered(args, method)
            self._tell.made.amend(dialog=self._tell.dialog)
            self._tell.dialog = None
            return Number(None)
        return self._tell.left_out(args, method, "only the site tells what it answers")

    def of_download(self, of: Download, method: str, args: Args) -> Value:
        """A call on a file that came."""
        self._tell.note(args, "the file is kept in the task's folder, under the name that the site gives it", method)
        return Text("{" + of.name + "}")

    def new_tab(self) -> Tab:
        """A tab that was not there before."""
        self._tell.tabs += 1
        return Tab(f"page{self._tell.tabs}" if self._tell.tabs > 1 else "page1")

    def of_part(self, of: Part, method: str, args: Args) -> Value:
        """A call on the keyboard, the mouse, a context, a browser, or Playwright itself."""
        if of.kind in ("keyboard", "mouse"):
            return self._of_hand(of, method, args)
        if method == "new_page":
            self._options(args, method)
            if not self._tell.first_tab:
                self._tell.first_tab = True
                return Tab("")
            tab = self.new_tab()
            self._tell.unopened.add(tab.name)
            return tab
        if method in ("new_context", "launch_persistent_context"):
            self._options(args, method)
            return Part("context")
        if method in ("launch", "connect", "connect_over_cdp"):
            return Part("browser")
        if method in _OF_CONTEXT:
            return self._tell.left_out(args, method, _OF_CONTEXT[method])
        if method in _NOTED:
            return self._tell.left_out(args, method, _NOTED[method])
        if method in ("start", "__enter__", "__aenter__"):
            return of
        if of.kind == "tracing" or method in _AROUND:
            return Number(None)
        return self._tell.left_out(args, method, f"a skill has nothing like {method}()")

    def _options(self, args: Args, method: str) -> None:
        for name, value in args.named.items():
            if name == "base_url" and (url := as_text(value)):
                self._tell.carry.urls.setdefault("", url)
                self._tell.made.may_go_to(url)
            elif name == "storage_state":
                self._tell.note(args, f"not carried: {_OF_CONTEXT['storage_state']}", method)
            elif name not in _HARMLESS:
                self._tell.note(args, f"the browser's option {name} is not carried: a skill has none", method)

    def _of_hand(self, of: Part, method: str, args: Args) -> Value:
        """The keyboard and the mouse of a page: what has the focus gets the keys."""
        self._tell.steps += 1
        text = args.text(0)
        if of.kind == "mouse" and method == "wheel" and (down := args.number(1, "delta_y")) is not None:
            self._tell.add("scroll", args, value=str(down), tab=of.tab)
        elif of.kind == "keyboard" and method == "press" and text is not None:
            self._tell.add("press", args, value=text, tab=of.tab)
        elif of.kind == "keyboard" and method in ("type", "insert_text") and self._typed_on(args, of):
            pass
        else:
            why = "a skill knows no places on the screen" if of.kind == "mouse" else "keys are not held one by one"
            self._tell.note(args, f"left out: {why}", f"{of.kind}.{method}")
        return Number(None)

    def _typed_on(self, args: Args, of: Part) -> bool:
        """What is typed where the focus is goes into the field that was clicked or filled before."""
        last = self._tell.made.last
        if last is None or last.target is None or last.tab != of.tab or last.action not in ("click", "fill", "press"):
            return False
        if last.effect == "irreversible":
            return False
        value, secret = self._tell.typed(args.at(0, "text"), args, "type", "text")
        if last.action == "fill" and not secret:
            self._tell.made.amend(value=last.value + value)
            return True
        self._tell.add("fill", args, target=last.target, value=value, secret=secret, tab=of.tab)
        return True
