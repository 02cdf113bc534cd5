import re
from playwright.sync_api import Page, expect


def test_example(page: Page) -> None:
    page.goto("http://mail.localhost:8123/login?to=/")
    page.get_by_role("textbox", name="Email").click()
    page.get_by_role("textbox", name="Email").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Email").fill("ada@leveret.example")
    page.get_by_role("textbox", name="Password").click()
    page.get_by_role("textbox", name="Password").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Password").fill("tulip-garden-9")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("textbox", name="One-time code").click()
    page.get_by_role("textbox", name="One-time code").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="One-time code").fill("123456")
