import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize("term", ["boots", "scarf", "hat"])
@pytest.mark.parametrize("size,colour", [("42", "red"), ("43", "green")])
def test_finds(page: Page, term: str, size: str, colour: str):
    page.goto("https://shop.example/")
    page.get_by_label("Search").fill(term)
    page.get_by_label("Size").select_option(size)
    page.get_by_label("Colour").select_option(label=colour)
