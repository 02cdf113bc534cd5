import re
from playwright.sync_api import Playwright, sync_playwright, expect


def run(playwright: Playwright) -> None:
    browser = playwright.chromium.launch(headless=False)
    context = browser.new_context()
    page = context.new_page()
    page.goto("http://tickets.localhost:8123/")
    page.get_by_role("searchbox", name="Search").click()
    page.get_by_role("searchbox", name="Search").press("ControlOrMeta+a")
    page.get_by_role("searchbox", name="Search").fill("granary")
    page.get_by_label("Genre").select_option("theatre")
    page.get_by_label("Genre").press("Tab")
    page.get_by_role("button", name="Show events").click()
    page.get_by_role("link", name="Seats for Hamlet, Briefly").click()
    page.locator("iframe[name=\"seats\"]").content_frame.get_by_role("button", name="Row A, seat 2,").click()
    page.close()

    # ---------------------
    context.close()
    browser.close()


with sync_playwright() as playwright:
    run(playwright)
