import re
from playwright.sync_api import Page, expect


def test_example(page: Page) -> None:
    page.goto("http://library.localhost:8123/")
    page.get_by_role("textbox").click()
    page.get_by_role("textbox").press("ControlOrMeta+a")
    page.get_by_role("textbox").fill("nine doors")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="A House With Nine Doors").click()
    page.get_by_role("textbox").click()
    page.get_by_role("textbox").press("ControlOrMeta+a")
    page.get_by_role("textbox").fill("L-4471")
