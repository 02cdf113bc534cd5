import re
from playwright.sync_api import Page, expect


def test_example(page: Page) -> None:
    page.goto("http://rides.localhost:8123/")
    page.get_by_role("combobox", name="Pick-up").click()
    page.get_by_role("combobox", name="Pick-up").press("ControlOrMeta+a")
    page.get_by_role("combobox", name="Pick-up").fill("market")
    page.get_by_role("option", name="Market Hall Baker Lane").click()
    page.get_by_role("combobox", name="Drop-off").click()
    page.get_by_role("combobox", name="Drop-off").press("ControlOrMeta+a")
    page.get_by_role("combobox", name="Drop-off").fill("stat")
    page.get_by_role("option", name="Central Station Station Road").click()
    page.get_by_role("button", name="See prices").click()
    page.get_by_role("link", name="Hop Electric,").click()
    page.get_by_role("textbox", name="Phone").click()
    page.get_by_role("textbox", name="Phone").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Phone").fill("555 0100")
