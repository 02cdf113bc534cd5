"""Scripts in Python: they are parsed, and never run."""

from __future__ import annotations

import textwrap

import pytest

from teach_mode.errors import ImportRefused
from teach_mode.formats.playwright.scripts.reading import MOST_TESTS
from teach_mode.formats.registry import import_skill, recognise
from teach_mode.formats.reports import Imported
from teach_mode.skill import DialogAnswer, When

HEAD = "from playwright.sync_api import Page, expect\n"


def imported(text: str, name: str = "shop.py") -> tuple[Imported, ...]:
    data = textwrap.dedent(text).encode()
    assert recognise(data, name) == "playwright-python"
    return import_skill(data, name)


def of(*lines: str, head: str = HEAD) -> Imported:
    """The skill of a test with these lines, the first of which is the file's third."""
    body = "\n".join(f"    {line}" for line in ("page.goto('https://shop.example/')", *lines))
    [found] = imported(f"{head}def test_shop(page: Page):\n{body}\n")
    return found


def did(found: Imported) -> list[tuple[str, str]]:
    return [(step.action, step.value) for step in found.skill.steps]


def test_a_script_of_codegen_becomes_a_skill() -> None:
    [found] = imported("""
        import re
        from playwright.sync_api import Playwright, sync_playwright, expect

        def run(playwright: Playwright) -> None:
            browser = playwright.chromium.launch(headless=False)
            context = browser.new_context()
            page = context.new_page()
            page.goto("https://shop.example/menu")
            page.get_by_role("link", name="Choose Pepperoni").click()
            page.get_by_label("Name").fill("Ada Example")
            with page.expect_popup() as page1_info:
                page.get_by_role("link", name="Receipt").click()
            page1 = page1_info.value
            page1.once("dialog", lambda dialog: dialog.dismiss())
            page1.get_by_role("button", name="Print").dblclick()
            page1.close()
            with page.expect_download() as download_info:
                page.get_by_text("Save").click()
            download = download_info.value
            page.close()
            # ---------------------
            context.close()
            browser.close()

        with sync_playwright() as playwright:
            run(playwright)
    """)
    assert (found.skill.name, found.skill.entry.url, found.notes) == ("shop", "{site}/menu", ())
    _, _, receipt, printed, closed, saved = found.skill.steps
    assert did(found)[:2] == [("click", ""), ("fill", "Ada Example")]
    assert (receipt.opens, printed.action, printed.tab) == ("page1", "double_click", "page1")
    assert (printed.dialog, closed.action, saved.downloads) == (DialogAnswer(), "close", "download")


def test_tests_fixtures_and_objects_are_read_where_they_are_used() -> None:
    search, order = imported("""
        import os
        import pytest
        from playwright.async_api import Page, expect

        class LoginPage:
            URL = "https://shop.example/login"
            def __init__(self, page):
                self.page = page
                self.user = page.locator("#user")
            async def login(self, name, password):
                await self.page.goto(self.URL)
                await self.user.fill(name)
                await self.page.fill("#password", password)

        @pytest.fixture
        async def signed_in(page: Page):
            await LoginPage(page).login("ada", os.environ["SHOP_PASSWORD"])
            yield page

        @pytest.mark.parametrize("term,count", [("scarf", 2), ("hat", 0)])
        async def test_search(signed_in, term, count):
            await signed_in.get_by_placeholder("Search").press_sequentially(term)
            await signed_in.keyboard.press("Enter")

        class TestOrder:
            async def test_order(self, page: Page):
                await page.goto("https://shop.example/cart")
                await page.get_by_role("button", name="Order and pay").click()
                await expect(page.get_by_text("Thanks")).to_be_visible()

        def test_sums():
            assert 1 + 1 == 2
    """)
    assert (search.skill.name, order.skill.name) == ("search", "order")
    assert did(search) == [("fill", "{name}"), ("fill", ""), ("fill", "{term}"), ("press", "Enter")]
    assert [(one.name, one.default) for one in search.skill.parameters] == [("term", "scarf"), ("name", "ada")]
    assert search.skill.steps[1].secret == "shop_password"
    assert [step.effect for step in order.skill.steps] == ["irreversible", "read"]
    [sums] = [note.words for note in search.notes if note.step == "sums"]
    assert sums.startswith("left out: sums: it has no step that a skill can do (line ")


def test_loops_and_conditions_are_carried_where_a_skill_has_them() -> None:
    [found] = imported("""
        from playwright.sync_api import Page

        def order(page: Page, toppings=(), size: str = "large", note: str = ""):
            page.goto("https://shop.example/")
            for topping in toppings:
                page.get_by_label(topping).check()
            for number in range(2):
                page.get_by_role("button", name="More").click()
            if size == "large":
                page.get_by_text("Huge").click()
            if note:
                page.get_by_label("Note").fill(note)
            if page.get_by_text("Cookies").is_visible():
                page.get_by_text("Accept").click()
            else:
                page.get_by_text("Other").click()
            for row in page.locator("li.todo").all():
                row.get_by_role("button").click()
            try:
                page.get_by_text("Close").click()
            except Exception:
                pass
    """)
    steps = found.skill.steps
    assert [step.action for step in steps] == ["check", *["click"] * 3, "fill", *["click"] * 4]
    assert [(loop.first, loop.for_each, len(loop.rows)) for loop in found.skill.loops] == [
        ("check-item", "toppings", 0),
        (steps[7].id, "", 1),
    ]
    assert (steps[3].when, steps[4].when) == (When(equals={"size": "large"}), When(given="note"))
    assert steps[5].when is not None and steps[5].when.page is not None and steps[5].when.page.visible
    assert steps[6].when is not None and steps[6].when.page is not None and steps[6].when.page.hidden
    assert steps[8].optional
    assert [(one.name, one.required, one.default) for one in found.skill.parameters] == [
        ("toppings", False, None),
        ("size", True, "large"),
        ("note", False, None),
    ]


@pytest.mark.parametrize(
    ("line", "action", "words"),
    [
        ("page.evaluate('alert(1)')", None, "runs no scripts"),
        ("page.route('**/*', lambda route: route.abort())", None, "answers no requests"),
        ("page.wait_for_timeout(500)", None, "waits for its element"),
        ("page.get_by_text('x').click(modifiers=['Shift'])", "click", "no key is held"),
        ("page.get_by_text('x').click(position={'x': 1, 'y': 1})", "click", "its middle"),
        ("page.get_by_label('x').fill(token())", "fill", "asked for"),
        ("page.locator('_react=x').click()", None, "_react"),
        ("page.frame_locator('[title=x]').get_by_text('x').click()", None, "its place"),
        ("while True: page.get_by_text('x').click()", None, "how often"),
        ("helper(page)", None, "not in this file"),
        ("expect(page.get_by_label('x')).to_have_value('y')", "assert", "only seen to be there"),
        ("expect(page).to_have_title('x')", None, "of a page"),
        ("assert page.title() == 'x'", None, "whether it is so"),
        ("page.get_by_label('x').select_option(index=2)", None, "not by its place"),
        ("page.context.storage_state(path='x')", None, "kept with the person"),
        ("page.get_by_label('x').set_input_files('/home/me/cv.pdf')", "upload", "keep cv.pdf"),
        ("page.get_by_label('x').set_input_files([])", None, "takes the files away"),
        ("page.go_back()", None, "where it leads"),
        ("page.mouse.click(3, 4)", None, "no places on the screen"),
        ("page.get_by_role('button', name=title()).click()", None, "not said in so many words"),
        ("page.get_by_text(re.compile('[0-9]+')).click()", None, "holds no words"),
        ("x = page.evaluate('1')", None, "runs no scripts"),
        ("[one.click() for one in page.get_by_text('x').all()]", None, "only the page tells"),
    ],
)
def test_what_cannot_be_carried_is_noted_with_its_line(line: str, action: str | None, words: str) -> None:
    found = of(line, "page.get_by_text('Last').hover()", head=HEAD.replace("from", "import re; from", 1))
    assert [step.action for step in found.skill.steps[:-1]] == ([action] if action else [])
    assert [note.line for note in found.notes] == [4] and words in found.notes[0].words, found.notes


def test_nothing_of_a_script_is_ever_run(tmp_path) -> None:
    trace = tmp_path / "trace"
    found = of(
        f"open({str(trace)!r}, 'w').write('x')",
        f"__import__('pathlib').Path({str(trace)!r}).touch()",
        "page.get_by_text('x').click()",
    )
    assert not trace.exists() and [note.line for note in found.notes] == [4, 5]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def test_x(page:\n  page.goto(1)", "not Python"),
        ("x = " + "[" * 70 + "]" * 70, "nested"),
        ("x = 1\n" * 40_000, "too long"),
        ("x = " + "-" * 3_000 + "1", "page"),
        ("def f(page):\n  f(page)", "no step"),
        ("import playwright", "no step"),
        ("x = '" + "a" * 400_000 + "'", "characters"),
        (
            "def f(page):\n" + "".join(f"  if page.locator('a{i}').is_visible():\n" + "  " for i in range(120)),
            "not Python",
        ),
    ],
)
def test_a_file_that_is_no_script_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ImportRefused):
        import_skill(text.encode(), "x.py", "playwright-python")


BEGUN = "def test_x(page):\n    page.goto('https://a.example/')\n    a = page.locator('x')\n    b = 'xxxxxxxx'\n"
GROWING = {
    "locators of themselves": BEGUN + "    a = a.and_(a)\n" * 60 + "    a.click()\n",
    "texts of themselves": BEGUN + "    b = b.join([b, b, b])\n" * 60 + "    page.click(b)\n",
    "lists of themselves": BEGUN + "    b = [*b, b, b]\n" * 60 + "    page.click(b)\n",
    "functions that call on": "".join(f"def f{n}(p):\n    f{n + 1}(p)\n    f{n + 1}(p)\n" for n in range(40))
    + BEGUN
    + "    f0(page)\n    a.click()\n",
    "rounds in rounds": BEGUN
    + "".join("    " * (n + 1) + f"for i{n} in range(30):\n" for n in range(18))
    + "    " * 19
    + "a.click()\n",
    "classes of one another": "".join(f"class A{n}(A{n + 1}, A{n + 2}):\n    pass\n" for n in range(60))
    + BEGUN
    + "    A0().x()\n    a.click()\n",
    "many tests": "".join(BEGUN.replace("_x", f"_{n}") + "    a.click()\n" for n in range(900)),
}


@pytest.mark.parametrize("text", GROWING.values(), ids=GROWING.keys())
def test_what_grows_without_end_is_read_within_limits(text: str) -> None:
    """Without limits it would be read for ever."""
    try:
        found = import_skill(text.encode(), "x.py", "playwright-python")
    except ImportRefused as error:
        assert str(error)
    else:
        assert 0 < len(found) <= MOST_TESTS and any(one.notes for one in found)


def test_what_real_scripts_do_is_not_done_more_often_or_elsewhere_than_they_do_it() -> None:
    text = textwrap.dedent("""
        def test_a(page, live_server):
            page.goto(f"{live_server.url}/login/")
            with page.expect_popup() as info:
                page.get_by_text("Map").click()
                page = info.value
            page.get_by_text("In").click()
            for attempt in range(20):
                page.get_by_label("Search").fill("Alice")
                if page.get_by_text("Found").count() > 2:
                    break
            try:
                page.get_by_text("Needed").click()
            except Exception as error:
                raise RuntimeError("no") from error
    """).encode()
    [found] = import_skill(text, "shop.py", base="https://shop.example")
    assert found.skill.entry.url == "{site}/login/"
    steps = [(step.action, step.opens, step.tab, step.optional) for step in found.skill.steps]
    assert steps == [
        ("click", "page1", "", False),
        ("click", "", "page1", False),
        ("fill", "", "page1", False),
        ("click", "", "page1", False),
    ]
    with pytest.raises(ImportRefused, match="`base`"):
        import_skill(text, "shop.py")
