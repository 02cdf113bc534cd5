import pytest
from playwright.sync_api import Page


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "base_url": "https://shop.example"}


def test_relative(page: Page):
    page.goto("/login")
    page.get_by_label("Name").fill("Ada")
