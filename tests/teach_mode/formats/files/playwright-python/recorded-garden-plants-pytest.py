import re
from playwright.sync_api import Page, expect


def test_example(page: Page) -> None:
    page.goto("http://garden.localhost:8123/")
    page.get_by_role("button", name="Only what is needed").click()
    page.get_by_role("textbox", name="How many Lavender").click()
    page.get_by_role("textbox", name="How many Lavender").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="How many Lavender").fill("3")
    page.get_by_role("button", name="Add Lavender").click()
    page.get_by_role("textbox", name="Name").click()
    page.get_by_role("textbox", name="Name").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Name").fill("Ada Example")
    page.get_by_role("button", name="Next month").click()
    page.get_by_role("button", name="Thursday 3 December").click()
