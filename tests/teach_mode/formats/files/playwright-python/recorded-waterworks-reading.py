import re
from playwright.sync_api import Playwright, sync_playwright, expect


def run(playwright: Playwright) -> None:
    browser = playwright.chromium.launch(headless=False)
    context = browser.new_context()
    page = context.new_page()
    page.goto("http://waterworks.localhost:8123/")
    page.locator("frame[name=\"menu\"]").content_frame.get_by_role("link", name="Report a reading").click()
    page.locator("frame[name=\"main\"]").content_frame.locator("input[name=\"meter\"]").click()
    page.locator("frame[name=\"main\"]").content_frame.locator("input[name=\"meter\"]").press("ControlOrMeta+a")
    page.locator("frame[name=\"main\"]").content_frame.locator("input[name=\"meter\"]").fill("W-4472")
    page.locator("frame[name=\"main\"]").content_frame.locator("input[name=\"reading\"]").click()
    page.locator("frame[name=\"main\"]").content_frame.locator("input[name=\"reading\"]").press("ControlOrMeta+a")
    page.locator("frame[name=\"main\"]").content_frame.locator("input[name=\"reading\"]").fill("5000")
    page.close()

    # ---------------------
    context.close()
    browser.close()


with sync_playwright() as playwright:
    run(playwright)
