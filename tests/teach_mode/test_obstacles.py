"""What stands in the way is told by the page, read by a real browser; what merely looks like it is left alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from browser.deadline import Deadline
from browser.fingerprint import Box
from browser.page import Page
from browser.pool import Pool, PoolConfig
from teach_mode.obstacles import Obstacle, Seen, find_obstacle
from tests.browser.conftest import Site

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

Look = Callable[..., Awaitable[tuple[Obstacle | None, str]]]
ALL = "<main><h1>Menu</h1><p>Pizza and pasta.</p><a href=/a>Order</a></main>"
BAR = "position:fixed;bottom:0;left:0;right:0;padding:40px;background:#eee"
OVER = "position:fixed;inset:0;background:#eee;padding:90px"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def tab(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Page, Site]]:
    site = Site()
    await site.start()
    config = PoolConfig(state_dir=tmp_path_factory.mktemp("state"), allow_local=(f"*.localhost:{site.port}",))
    async with Pool(config) as pool, pool.context(navigate=[f"*.localhost:{site.port}"]) as task:
        yield await task.new_page(), site
    await site.stop()


@pytest.fixture
def look(tab: tuple[Page, Site]) -> Look:
    """What stands in the way on a page, and what the button says that would be pressed."""

    async def looked(html: str, *, covered: Box | None = None, signing_in: bool = False) -> tuple[Obstacle | None, str]:
        page, site = tab
        site.pages["/"] = f"<!doctype html><meta charset=utf-8>{html}"
        await page.goto(site.url(), deadline=Deadline.after_ms(15_000))
        snapshot = await page.snapshot(deadline=Deadline.after_ms(15_000))
        frames = tuple(frame.url for frame in page.playwright.frames)
        seen = Seen(elements=snapshot.elements, title=snapshot.title, frames=frames)
        found = find_obstacle(seen, covered=covered, signing_in=signing_in)
        return found, snapshot.get(found.press).name if found and found.press else ""

    return looked


NOTICES = {
    f"{ALL}<div role=dialog aria-label='Cookie consent' style='{BAR}'><p>We use cookies.</p><button>Accept all</button>"
    "<button>Reject all</button><button>Settings</button></div>": "Reject all",
    f"{ALL}<div style='{OVER}'><div><h2>We value your privacy</h2><p>We and our 812 partners store data.</p></div>"
    "<div><span><button>Agree and close</button></span><button>Continue without agreeing</button></div></div>": (
        "Continue without agreeing"
    ),
    f"{ALL}<div role=dialog style='{BAR}'><p>This site uses cookies.</p><button>Got it</button></div>": "Got it",
    f"{ALL}<div role=dialog style='{BAR}'><p>Cookies make it better.</p><button aria-label=Close>×</button>"
    "<button>Allow all cookies</button></div>": "Close",
    f"{ALL}<div role=dialog style='{OVER}'>Diese Seite verwendet Cookies<button>Alle akzeptieren</button>"
    "<button>Nur notwendige</button></div>": "Nur notwendige",
    f"{ALL}<div role=dialog style='{OVER}'>Cookies: choose<button>Accept all</button>"
    "<button>Accept only essential cookies</button></div>": "Accept only essential cookies",
}


@pytest.mark.parametrize("html", NOTICES)
async def test_a_notice_is_put_aside_by_its_mildest_button(look: Look, html: str) -> None:
    found, button = await look(html)
    assert found is not None and (found.kind, button) == ("consent", NOTICES[html])


@pytest.mark.parametrize(
    "html",
    [
        f"{ALL}<footer>We use cookies. <button>OK</button></footer>",
        f"{ALL}<div role=dialog style='{OVER}'><p>Your order</p><button>Accept</button></div>",
        f"{ALL}<div role=dialog style='{OVER}'><p>We use cookies</p><button>Buy now</button></div>",
        f"{ALL}<div role=dialog style='{OVER}'><p>Accept cookies and pay 20.00</p><button>Accept</button>"
        "<button>Place order</button></div>",
        f"{ALL}<div role=dialog style='{OVER}'><p>We use cookies</p><a href=/settings>Accept</a></div>",
        f"{ALL}<div role=dialog style='{OVER}'><p>A box of cookies for 5.00</p><button>Order now</button></div>",
    ],
)
async def test_what_is_not_in_the_way_or_commits_to_something_is_left_alone(look: Look, html: str) -> None:
    assert await look(html) == (None, "")


async def test_a_notice_that_lies_on_the_element_is_in_its_way_and_one_beside_it_is_not(look: Look) -> None:
    bar = f"{ALL}<div style='{BAR}'><p>We use cookies.</p><button>Reject</button></div>"
    assert (await look(bar, covered=(100, 700, 90, 30)))[1] == "Reject"
    assert await look(bar, covered=(100, 20, 90, 30)) == (None, "")
    assert await look("<h1>Sign in</h1><input type=password>", covered=(0, 0, 9, 9)) == (None, "")


async def test_what_a_page_says_around_a_frame_makes_no_notice_of_what_stands_in_it(look: Look) -> None:
    said = f"{ALL}<div role=dialog style='{OVER}'><p>We use cookies</p><iframe srcdoc='{{}}'></iframe></div>"
    assert await look(said.format("<p>An invitation</p><button>Decline</button>")) == (None, "")
    assert (await look(said.format("<p>Our cookies</p><button>Decline</button>")))[1] == "Decline"


@pytest.mark.parametrize(
    "html",
    [
        "<h1>Welcome back</h1><label>User <input></label><label>Password <input type=password></label>",
        "<title>Sign in</title><label>E-mail <input type=email></label><button>Next</button>",
        "<h1>Your session has expired</h1><label>User name <input></label>",
        "<p>Enter it</p><label>Code <input autocomplete=one-time-code></label>",
    ],
)
async def test_a_login_page_is_one_unless_the_step_signs_in(look: Look, html: str) -> None:
    found, _ = await look(html)
    assert found is not None and found.kind == "login"
    assert await look(html, signing_in=True) == (None, "")


@pytest.mark.parametrize(
    "html",
    [
        "<h1>Create an account</h1><input><input type=password><input type=password>",
        "<header><a href=/login>Log in</a></header><h1>Menu</h1><label>E-mail <input type=email></label>",
        "<h1>Search</h1><input type=search><a href=/login>Sign in</a>",
        "<h1>Router</h1><input><input><input type=checkbox><label>Wi-Fi key <input type=password></label>",
    ],
)
async def test_a_page_that_only_speaks_of_signing_in_is_no_login_page(look: Look, html: str) -> None:
    assert await look(html) == (None, "")


@pytest.mark.parametrize(
    "html",
    [
        "<h1>Are you human?</h1><button>Continue</button>",
        "<p>Our systems have detected unusual traffic from your network.</p>",
        "<iframe title=reCAPTCHA width=304 height=78 srcdoc=x></iframe>",
        "<label>Enter the characters you see <input name=answer></label>",
        "<img alt=puzzle><input name=captcha_answer>",
    ],
)
async def test_a_captcha_is_recognised(look: Look, html: str) -> None:
    found, button = await look(f"<title>Shop</title>{html}")
    assert found is not None and (found.kind, button) == ("captcha", "")


async def test_a_badge_or_a_line_about_captchas_is_none(look: Look) -> None:
    badge = "<iframe title=reCAPTCHA width=256 height=60 srcdoc=x></iframe>"
    line = "<footer>This site is protected by reCAPTCHA and the privacy policy applies.</footer>"
    assert await look(ALL + badge + line) == (None, "")


@pytest.mark.parametrize("title", ["503 Service Unavailable", "Down for maintenance", "We'll be right back"])
async def test_a_site_out_of_order_is_recognised(look: Look, title: str) -> None:
    found, _ = await look(f"<h1>{title}</h1><p>Try again later.</p><a href=/>Home</a>")
    assert found is not None and found.kind == "out_of_order"
    assert await look(ALL + f"<h2>{title}</h2>" + "<button>Choose</button>" * 9) == (None, "")
