import re
from playwright.sync_api import Playwright, sync_playwright, expect


def run(playwright: Playwright) -> None:
    browser = playwright.chromium.launch(headless=False)
    context = browser.new_context()
    page = context.new_page()
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
    page.close()

    # ---------------------
    context.close()
    browser.close()


with sync_playwright() as playwright:
    run(playwright)
