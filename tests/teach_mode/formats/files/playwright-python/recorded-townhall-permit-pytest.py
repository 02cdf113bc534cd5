import re
from playwright.sync_api import Page, expect


def test_example(page: Page) -> None:
    page.goto("http://townhall.localhost:8123/")
    page.get_by_role("link", name="Start now").click()
    page.get_by_role("textbox", name="Name").click()
    page.get_by_role("textbox", name="Name").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Name").fill("Ada Example")
    page.get_by_role("textbox", name="Email").click()
    page.get_by_role("textbox", name="Email").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Email").fill("ada@leveret.example")
