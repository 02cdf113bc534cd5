import pytest
from playwright.sync_api import Page, expect


@pytest.fixture(scope="function", autouse=True)
def before_each(page: Page):
    page.goto("https://shop.example/")
    yield
    page.get_by_role("link", name="Sign out").click()


@pytest.fixture
def cart(page: Page) -> Page:
    page.get_by_role("link", name="Cart").click()
    return page


def test_empties_the_cart(cart: Page):
    cart.get_by_role("button", name="Remove").click()
    expect(cart.get_by_text("Your cart is empty.")).to_be_visible()


def test_uses_somebody_elses_fixture(page: Page, robot):
    page.get_by_label("Name").fill(robot)
