import re
from playwright.sync_api import Playwright, sync_playwright, expect


def run(playwright: Playwright) -> None:
    browser = playwright.chromium.launch(headless=False)
    context = browser.new_context()
    page = context.new_page()
    page.goto("http://library.localhost:8123/")
    page.get_by_role("textbox").click()
    page.get_by_role("textbox").press("ControlOrMeta+a")
    page.get_by_role("textbox").fill("nine doors")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="A House With Nine Doors").click()
    page.get_by_role("textbox").click()
    page.get_by_role("textbox").press("ControlOrMeta+a")
    page.get_by_role("textbox").fill("L-4471")
    page.close()

    # ---------------------
    context.close()
    browser.close()


with sync_playwright() as playwright:
    run(playwright)
