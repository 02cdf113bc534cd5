"""The grammars of `.side` files: locators, keys, conditions, blocks, scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browser.locators import Locator, LocatorKind
from teach_mode.formats.selenium_ide.asking import path_of_css
from teach_mode.formats.selenium_ide.commands import NOTED, called
from teach_mode.formats.selenium_ide.comparing import Comparison, comparisons_of
from teach_mode.formats.selenium_ide.flow import CONTROL, Block, commands_in, tree_of
from teach_mode.formats.selenium_ide.keys import Pressed, Typed, code_of, keys_of
from teach_mode.formats.selenium_ide.locators import locator_of, ways_of
from teach_mode.formats.selenium_ide.schema import Command
from teach_mode.formats.selenium_ide.scripts import (
    address_test,
    address_tested,
    filtered,
    filtering,
    returned,
    scrolled,
)
from teach_mode.formats.selenium_ide.walking import HANDLERS
from teach_mode.formats.selenium_ide.windows import frame_of
from teach_mode.formats.selenium_ide.written import frame_locator

# The commands of side-model 4.0.13, by its own list.
COMMANDS = """
acceptAlert acceptConfirmation addSelection answerPrompt assert assertAlert assertChecked assertConfirmation
assertEditable assertElementPresent assertElementNotPresent assertNotChecked assertNotEditable assertNotSelectedValue
assertNotText assertPrompt assertSelectedValue assertSelectedLabel assertText assertTitle assertValue
dismissConfirmation dismissPrompt check click clickAt close debugger do doubleClick doubleClickAt dragAndDropToObject
echo editContent else elseIf end executeScript executeAsyncScript forEach if mouseDown mouseDownAt mouseMoveAt mouseOut
mouseOver mouseUp mouseUpAt open pause removeSelection repeatIf run runScript select selectFrame selectWindow sendKeys
setSpeed setWindowSize store storeAttribute storeElementCount storeJson storeText storeTitle storeValue
storeWindowHandle times type uncheck verify verifyChecked verifyEditable verifyElementPresent verifyElementNotPresent
verifyNotChecked verifyNotEditable verifyNotSelectedValue verifyNotText verifySelectedLabel verifySelectedValue
verifyText verifyTitle verifyValue waitForElementEditable waitForElementNotEditable waitForElementNotPresent
waitForElementNotVisible waitForElementPresent waitForElementVisible waitForText while
""".split()  # noqa: SIM905
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=12)


def test_every_command_of_the_tool_is_known() -> None:
    known = {*HANDLERS, *NOTED, *CONTROL, "run"}
    assert len(COMMANDS) == 93 and set(COMMANDS) <= known
    assert [called(name) for name in ("clickAndWait", "webdriverChooseOkOnVisibleConfirmation", "typeKeys")] == [
        "click",
        "acceptConfirmation",
        "sendKeys",
    ]


@given(
    kind=st.sampled_from([one for one in LocatorKind if one not in (LocatorKind.CSS, LocatorKind.XPATH)]),
    role=st.sampled_from(("button", "link", "textbox", "checkbox", "heading", "menuitem", "combobox", "row")),
    words=WORDS,
    exact=st.booleans(),
)
def test_a_locator_of_ours_is_known_again_in_every_way_that_it_is_written(kind, role, words, exact) -> None:
    by_role = kind is LocatorKind.ROLE
    exact = exact or kind is LocatorKind.TESTID
    locator = Locator(kind=kind, value=role if by_role else words, name=words if by_role else "", exact=exact)
    ways = ways_of(locator)
    known = [locator_of(way.written) for way in ways]
    wanted = Locator(kind=kind, value=locator.value) if kind is LocatorKind.TESTID else locator
    assert ways and set(known) == {wanted}


@pytest.mark.parametrize(
    ("written", "kind", "value"),
    [
        ("id=go", "css", "#go"),
        ("id=a:b", "css", '[id="a:b"]'),
        ("name=q", "css", '[name="q"]'),
        ("css=nav > a", "css", "nav > a"),
        ("//div[@id='x']/a", "xpath", "//div[@id='x']/a"),
        ("xpath=(//button)[2]", "xpath", "//button"),
        ("link=News", "role", "link"),
        ("identifier=q", "css", '[id="q"], [name="q"]'),
        ("q", "css", '[id="q"], [name="q"]'),
        ("css=*[data-testid='total']", "testid", "total"),
    ],
)
def test_a_locator_of_selenium_has_one_of_ours(written, kind, value) -> None:
    found = locator_of(written)
    assert found is not None and (found.kind.value, found.value) == (kind, value)
    assert found.nth == (1 if written == "xpath=(//button)[2]" else None)


@pytest.mark.parametrize("written", ["", "css=", "dom=document.forms[0]", "two words"])
def test_what_is_no_locator_has_none(written) -> None:
    assert locator_of(written) is None


def test_what_selenium_cannot_name_has_no_way() -> None:
    assert ways_of(Locator(kind=LocatorKind.CSS, value="x-host >> button")) == ()
    assert ways_of(Locator(kind=LocatorKind.CSS, value="button", nth=2)) == ()
    [way] = ways_of(Locator(kind=LocatorKind.XPATH, value="//b", nth=2))
    assert way.written == "xpath=(//b)[3]"


def test_keys_are_held_until_the_end_of_their_command() -> None:
    assert keys_of("Ada${KEY_TAB}") == (Typed("Ada"), Pressed("Tab"))
    assert keys_of("${KEY_CTRL}${KEY_SHIFT}${KEY_END}x") == (Pressed("Control+Shift+End"), Pressed("Control+Shift+x"))
    assert keys_of("${KEY_NONE_SUCH}") is None and keys_of("") == ()


@pytest.mark.parametrize(
    "chord", ["Enter", "Tab", "Control+a", "Shift+ArrowDown", "F5", "+", "Backspace", "Alt+Meta+x"]
)
def test_a_chord_is_written_as_it_is_read(chord) -> None:
    code = code_of(chord)
    read = keys_of(code) if code is not None else None
    assert read == ((Typed("+"),) if chord == "+" else (Pressed(chord),))


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ('${size} === "large"', (Comparison("size", "==", "large"),)),
        ("'${size}' != 'x'", (Comparison("size", "!=", "x"),)),
        ("3 < ${n}", (Comparison("n", ">", "3"),)),
        ("(!${n})", (Comparison("n", holds=False),)),
        ("${a} == 1 && ${b}", (Comparison("a", "==", "1"), Comparison("b"))),
        ("true", True),
        ("1 > 2", False),
        ("false && ${a}", False),
        ("Math.random() < 0.5", None),
        ("${a} == 1 || ${b} == 2", None),
        ("", None),
    ],
)
def test_plain_comparisons_are_read_and_nothing_else_is_guessed(written, wanted) -> None:
    assert comparisons_of(written) == wanted


def test_blocks_that_do_not_balance_are_mended_and_told() -> None:
    names = ["end", "if", "click", "else", "while", "click", "repeatIf", "do", "type"]
    commands = [Command(line=line, command=name) for line, name in enumerate(names, 1)]
    nodes, troubles = tree_of(commands)
    assert [one.command.line for one in troubles] == [1, 7, 8, 5, 2]
    told = {id(one.command) for one in troubles}
    assert {id(one) for one in commands_in(nodes)} | told == {id(one) for one in commands}
    assert isinstance(nodes[0], Block) and [len(branch.body) for branch in nodes[0].branches] == [1, 1]


@given(pieces=st.lists(st.one_of(st.text("abc/.?&=*-_%+", max_size=8), st.just(("kind",))), min_size=1, max_size=4))
def test_the_script_that_looks_at_an_address_is_known_again(pieces) -> None:
    glob = "".join(f"${{{one[0]}}}" if isinstance(one, tuple) else one for one in pieces)
    assert address_tested(address_test(pieces)) == glob


def test_of_scripts_only_those_are_known_that_do_one_thing() -> None:
    assert (returned('return "Ada"'), returned("return [1, 2];"), returned("return f()")) == ("Ada", [1, 2], None)
    assert (scrolled("window.scrollTo(0,450.5)"), scrolled("window.scrollBy(0, -20)"), scrolled("x()")) == (
        450,
        -20,
        None,
    )
    script = filtering("kind", ("title",))
    assert script is not None and filtered(script) == ("kind", "title")
    assert filtering("kind", ("date:%d",)) is None and filtered("return ${kind}.trim()") is None
    assert address_tested("return /^x$/.test(window.location.href)") is None


@pytest.mark.parametrize("address", ["name=pay", "index=2", "name=it's", "name=pay nth=1", "url={site}/pay/box"])
def test_a_frame_is_known_again(address) -> None:
    written = frame_locator(address)
    assert written == address if address.startswith("index") else frame_of((written,)) == address


def test_a_plain_selector_has_an_xpath_and_others_have_none() -> None:
    assert path_of_css("ul#a > li.b [data-x='1']") == (
        "//ul[@id='a']/li[contains(concat(' ',normalize-space(@class),' '),' b ')]//*[@data-x='1']"
    )
    assert path_of_css("a:hover") is None and path_of_css("a, b") is None and path_of_css("") is None
