import re
from playwright.sync_api import Page, expect


def test_start_link(page: Page):
    page.goto("https://docs.example/")
    page.get_by_role("link", name="Get started").click()
    expect(page.get_by_role("heading", name="Installation")).to_be_visible()
    expect(page).to_have_url(re.compile(r".*/intro$"))
