"""Secrets are typed on their own site, into fields of their kind, out of everybody's sight; codes once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec import Struct, field

from browser.conditions import Sighting
from browser.context import TaskContext
from browser.deadline import Deadline
from browser.errors import ActionTimeout, BrowserError
from browser.locators import Locator, LocatorKind
from browser.page import Page
from browser.pool import Pool, PoolConfig
from cloud.people.keys import keys_of
from cloud.people.onetime import seed_of
from cloud.people.vault import Kind, Vault
from cloud.store import Store, file_url, insert_new, persons
from cloud.tools.secrets import VaultSecrets
from teach_mode.errors import SecretRefused
from tests.browser.conftest import Site

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

SEED = "JBSWY3DPEHPK3PXP"
LOGIN = "<label>Password <input type=password name=p></label>"


class Veil:
    """Counts, and remembers whether it was down."""

    def __init__(self) -> None:
        self.down = 0
        self.dropped = 0

    def drop(self) -> None:
        self.down += 1
        self.dropped += 1

    def lift(self) -> None:
        self.down -= 1


class Desk(Struct, kw_only=True):
    """A vault of Ada's, a site of hers, and a clock that moves only when somebody waits."""

    vault: Vault
    site: Site
    task: TaskContext
    veil: Veil = field(default_factory=Veil)
    now: float = 1_000_000_000.0
    waited: list[float] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    async def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds

    def secrets(self) -> VaultSecrets:
        return VaultSecrets(
            self.vault, "ada", self.veil, clock=lambda: self.now, wait=self.wait, watch_code=self.codes.append
        )

    async def keep(self, name: str, value: str, kind: Kind = "password", any_field: bool = False) -> None:
        origin = self.site.url("").rstrip("/")
        await self.vault.put("ada", name, value, kind=kind, origins=[origin], any_field=any_field)

    async def show(self, html: str, host: str = "shop.localhost") -> Page:
        self.site.pages["/"] = f"<!doctype html><meta charset=utf-8>{html}"
        page = await self.task.new_page()
        await page.goto(self.site.url("/", host), deadline=soon())
        return page


def soon() -> Deadline:
    return Deadline.after_ms(15_000)


async def the_field(page: Page, css: str = "input", frame: tuple[str, ...] = ()) -> Sighting:
    return await page.find([Locator(kind=LocatorKind.CSS, value=css)], frame=frame, deadline=soon())


async def held(page: Page, css: str = "input") -> str:
    return str(await page.playwright.evaluate(f"document.querySelector({css!r}).value"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def warm(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Pool, Site]]:
    site = Site()
    await site.start()
    config = PoolConfig(state_dir=tmp_path_factory.mktemp("state"), allow_local=(f"*.localhost:{site.port}",))
    async with Pool(config) as pool:
        yield pool, site
    await site.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def desk(warm: tuple[Pool, Site], tmp_path: Path) -> AsyncIterator[Desk]:
    pool, site = warm
    store = await Store.open(file_url(tmp_path / "store.db"))
    async with store.write() as connection:
        await insert_new(connection, persons, {"id": "ada", "name": "", "zone": "UTC", "created_at": 0.0})
    keys = keys_of(tmp_path / "people", "", {})
    keys.open()
    async with pool.context(navigate=[f"*.localhost:{site.port}"]) as task:
        yield Desk(vault=Vault(store, keys, lambda: 0.0), site=site, task=task)
    await store.close()


async def test_a_secret_is_typed_masked_and_unfilmed_until_its_field_is_gone(desk: Desk) -> None:
    await desk.keep("shop", "correct horse")
    page = await desk.show(LOGIN)
    async with desk.secrets() as secrets:
        await secrets.type_into(page, await the_field(page), "shop", origin="", deadline=soon())
        assert await held(page) == "correct horse"
        assert desk.veil.down == 1
        await page.playwright.evaluate("document.body.innerHTML = 'Your password is correct horse'")
        await page.until_unseen(await the_field(page, "body"), "", origins=())
        assert desk.veil.down == 1  # the field is gone, but the page shows what was in it
        await page.playwright.evaluate("document.body.innerHTML = 'Welcome'")
        while desk.veil.down:
            await page.playwright.evaluate("1")
    assert desk.veil.dropped == 1


async def test_a_pin_that_the_page_says_alone_keeps_pictures_away_and_as_part_of_a_number_does_not(desk: Desk) -> None:
    await desk.keep("shop", "4711")
    page = await desk.show(LOGIN)
    async with desk.secrets() as secrets:
        await secrets.type_into(page, await the_field(page), "shop", origin="", deadline=soon())
        await page.playwright.evaluate("document.body.innerHTML = '<p>Order 47110</p><p>Your PIN is<b>4711</b></p>'")
        await page.until_unseen(await the_field(page, "body"), "", origins=())
        assert desk.veil.down == 1
        await page.playwright.evaluate("document.body.innerHTML = '<p>Order 47110</p><script>var n = 4711</script>'")
        while desk.veil.down:
            await page.playwright.evaluate("1")


@pytest.mark.parametrize(
    ("css", "kind", "value"),
    [
        ("[type=number]", "one_time_code", SEED),
        ("[name=card]", "card", "4242 4242 4242 4242"),
        ("textarea", "text", "a word for nobody"),
    ],
)
async def test_what_is_typed_is_to_be_seen_on_no_picture_and_read_in_no_snapshot(
    desk: Desk, css: str, kind: Kind, value: str
) -> None:
    await desk.keep("secret", value, kind)
    page = await desk.show(
        "<style>* { caret-color: transparent; outline: none !important }</style><label>Code <input type=number></label>"
        "<label>Card number <input name=card></label><label>Note <textarea></textarea></label>"
    )
    await (await page.playwright.query_selector(css)).focus()  # type: ignore[union-attr]
    at = await the_field(page, css)
    await page.fill(at, "", deadline=soon())
    empty = await page.screenshot(deadline=soon())
    async with desk.secrets() as secrets:
        await secrets.type_into(page, at, "secret", origin="", deadline=soon())
        typed = await held(page, css)
        assert len(typed) >= 6
        assert await page.screenshot(deadline=soon()) == empty
        assert typed not in (await page.snapshot(deadline=soon())).outline()
        assert await page.read_value([Locator(kind=LocatorKind.CSS, value=css)], deadline=soon()) == ""


async def test_a_secret_is_typed_only_where_every_document_around_the_field_is_its_own(desk: Desk) -> None:
    await desk.keep("shop", "correct horse")
    desk.site.pages["/login"] = LOGIN
    for around, inside, typed in (
        ("shop", "shop", True),
        ("evil", "shop", False),
        ("shop", "evil", False),
        ("evil", "evil", False),
    ):
        inner = desk.site.url("/login", f"{inside}.localhost")
        page = await desk.show(f"<iframe name=f src='{inner}'></iframe>", host=f"{around}.localhost")
        at = await the_field(page, "input", ("name=f",))
        async with desk.secrets() as secrets:
            if typed:
                await secrets.type_into(page, at, "shop", origin="", deadline=soon())
            else:
                with pytest.raises(SecretRefused) as refused:
                    await secrets.type_into(page, at, "shop", origin=desk.site.url("")[:-1], deadline=soon())
                assert (refused.value.rule, "evil.localhost" in refused.value.sentence) == ("secret_origin", True)
        held_there = await page.playwright.frames[1].evaluate("document.querySelector('input').value")
        assert held_there == ("correct horse" if typed else "")


async def test_a_sandboxed_document_is_nobodys(desk: Desk) -> None:
    await desk.keep("shop", "correct horse")
    page = await desk.show(f'<iframe name=f sandbox=allow-forms srcdoc="{LOGIN}"></iframe>')
    async with desk.secrets() as secrets:
        with pytest.raises(SecretRefused):
            at = await the_field(page, "input", ("name=f",))
            await secrets.type_into(page, at, "shop", origin="", deadline=soon())


async def test_a_page_that_changes_between_the_look_and_the_typing_gets_nothing(desk: Desk) -> None:
    await desk.keep("shop", "correct horse")
    swaps = {
        "document.querySelector('input').type = 'text'": (SecretRefused, BrowserError),
        "document.body.innerHTML = '<label>Comment <input></label>'": (BrowserError,),
        f"location = '{desk.site.url('/login', 'evil.localhost')}'": (SecretRefused, BrowserError),
    }
    desk.site.pages["/login"] = LOGIN
    for swap, errors in swaps.items():
        page = await desk.show(LOGIN)
        at = await the_field(page)
        await page.playwright.evaluate(f"void ({swap})")
        await the_field(page)
        async with desk.secrets() as secrets:
            with pytest.raises(errors):
                await secrets.type_into(page, at, "shop", origin=at.origin, deadline=Deadline.after_ms(1500))
        assert await held(page) == ""


async def test_what_is_not_there_or_not_for_this_field_is_refused_in_words(desk: Desk) -> None:
    await desk.keep("shop", "correct horse")
    await desk.keep("anywhere", "battery staple", any_field=True)
    page = await desk.show("<label>Comment <input name=c></label>")
    at = await the_field(page)
    async with desk.secrets() as secrets:
        for name, rule in (("shop", "secret_field"), ("mail", "secret_unknown")):
            with pytest.raises(SecretRefused) as refused:
                await secrets.type_into(page, at, name, origin=at.origin, deadline=soon())
            assert refused.value.rule == rule
            assert name in refused.value.sentence and "horse" not in refused.value.sentence
        await secrets.type_into(page, at, "anywhere", origin=at.origin, deadline=soon())
    assert await held(page) == "battery staple"


async def test_a_field_that_cannot_be_filled_tells_nothing_of_what_should_be_in_it(desk: Desk) -> None:
    await desk.keep("shop", "correct horse")
    page = await desk.show("<label>Password <input type=password readonly value=old></label>")
    at = await the_field(page)
    async with desk.secrets() as secrets:
        with pytest.raises(BrowserError) as failed:
            await secrets.type_into(page, at, "shop", origin=at.origin, deadline=Deadline.after_ms(600))
    assert "horse" not in str(failed.value) and failed.value.__cause__ is None


CODE = "<label>Code <input name=otp></label>"
BOXES = "<p>Enter what your app shows</p>" + "".join(
    f"<span><input maxlength=1 inputmode=numeric id=b{at} aria-label='Digit {at}'"
    f" onkeyup='document.getElementById(`b{at + 1}`)?.focus()'></span>"
    for at in range(6)
)


async def test_a_one_time_code_goes_into_a_row_of_boxes_key_by_key_and_a_password_does_not(desk: Desk) -> None:
    await desk.keep("code", f"otpauth://totp/Shop?secret={SEED}&period=30", "one_time_code")
    await desk.keep("shop", "horse7")
    page = await desk.show(BOXES)
    async with desk.secrets() as secrets:
        with pytest.raises(SecretRefused):
            await secrets.type_into(page, await the_field(page, "#b0"), "shop", origin="", deadline=soon())
        await secrets.type_into(page, await the_field(page, "#b0"), "code", origin="", deadline=soon())
        typed = await page.playwright.evaluate(
            "[...document.querySelectorAll('input')].map((one) => one.value).join('')"
        )
        assert [typed] == desk.codes
        assert typed not in (await page.snapshot(deadline=soon())).outline()
        masks = "[...document.querySelectorAll('input')].every((one) => one.style.webkitTextSecurity === 'disc')"
        assert await page.playwright.evaluate(masks)


async def test_a_one_time_code_is_fresh_and_never_typed_twice(desk: Desk) -> None:
    await desk.keep("code", f"otpauth://totp/Shop?secret={SEED}&period=30", "one_time_code")
    seed, page = seed_of(SEED), await desk.show(CODE)
    typed = []
    async with desk.secrets() as secrets:
        for start in (0.0, 0.0, 28.0):  # at once; again in the same window; two seconds before the end of one
            desk.now += start
            await secrets.type_into(page, await the_field(page), "code", origin="", deadline=Deadline.after_ms(90_000))
            typed.append((await held(page), seed.code(seed.window(desk.now))))
            desk.now = seed.window(desk.now) * 30.0
        assert all(code == right for code, right in typed)
        assert len({code for code, _ in typed}) == 3
        assert desk.codes == [code for code, _ in typed]
        assert desk.waited == [30.0, 2.0]
        with pytest.raises(ActionTimeout, match="fresh"):
            await secrets.type_into(page, await the_field(page), "code", origin="", deadline=Deadline.after_ms(900))
