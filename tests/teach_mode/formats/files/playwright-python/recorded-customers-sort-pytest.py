import re
from playwright.sync_api import Page, expect


def test_example(page: Page) -> None:
    page.goto("http://customers.localhost:8123/login?to=/")
    page.get_by_role("textbox", name="Email").click()
    page.get_by_role("textbox", name="Email").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Email").fill("ada@leveret.example")
    page.get_by_role("textbox", name="Password").click()
    page.get_by_role("textbox", name="Password").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Password").fill("tulip-garden-9")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("searchbox", name="Search customers").click()
    page.get_by_role("searchbox", name="Search customers").press("ControlOrMeta+a")
    page.get_by_role("searchbox", name="Search customers").fill("willow")
    page.get_by_role("searchbox", name="Search customers").press("Enter")
