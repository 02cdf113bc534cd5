import re
from playwright.sync_api import Playwright, sync_playwright, expect


def run(playwright: Playwright) -> None:
    browser = playwright.chromium.launch(headless=False)
    context = browser.new_context()
    page = context.new_page()
    page.goto("http://townhall.localhost:8123/")
    page.get_by_role("link", name="Start now").click()
    page.get_by_role("textbox", name="Name").click()
    page.get_by_role("textbox", name="Name").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Name").fill("Ada Example")
    page.get_by_role("textbox", name="Email").click()
    page.get_by_role("textbox", name="Email").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Email").fill("ada@leveret.example")
    page.get_by_role("button", name="Continue").click()
    page.close()

    # ---------------------
    context.close()
    browser.close()


with sync_playwright() as playwright:
    run(playwright)
