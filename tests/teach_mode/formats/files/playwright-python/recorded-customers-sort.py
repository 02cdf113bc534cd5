import re
from playwright.sync_api import Playwright, sync_playwright, expect


def run(playwright: Playwright) -> None:
    browser = playwright.chromium.launch(headless=False)
    context = browser.new_context()
    page = context.new_page()
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
    page.close()

    # ---------------------
    context.close()
    browser.close()


with sync_playwright() as playwright:
    run(playwright)
