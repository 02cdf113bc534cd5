import re
from playwright.sync_api import Playwright, sync_playwright, expect


def run(playwright: Playwright) -> None:
    browser = playwright.chromium.launch(headless=False)
    context = browser.new_context()
    page = context.new_page()
    page.goto("http://chores.localhost:8123/")
    page.get_by_role("link", name="New chore").click()
    page.get_by_role("textbox", name="What is to be done?").click()
    page.get_by_role("textbox", name="What is to be done?").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="What is to be done?").fill("Feed the ducks")
    page.get_by_role("textbox", name="What is to be done?").press("Enter")
    page.get_by_role("button", name="Mark as done").click()
    page.get_by_role("link", name="All chores").click()
    page.close()

    # ---------------------
    context.close()
    browser.close()


with sync_playwright() as playwright:
    run(playwright)
