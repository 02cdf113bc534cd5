import re
from playwright.sync_api import Page


def test_waits(page: Page):
    page.goto("https://shop.example/")
    page.wait_for_selector("#ready")
    page.wait_for_selector(".spinner", state="hidden")
    page.get_by_text("Loaded").wait_for()
    page.get_by_text("Loading").wait_for(state="detached")
    page.get_by_text("Menu").click()
    page.wait_for_url("**/menu")
    page.wait_for_url(re.compile(r"/menu/\d+$"))
    page.wait_for_url(lambda url: "x" in url)
    with page.expect_navigation():
        page.get_by_text("Next").click()
    page.reload()
    page.go_back()
