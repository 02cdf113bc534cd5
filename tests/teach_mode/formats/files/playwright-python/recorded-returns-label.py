import re
from playwright.sync_api import Playwright, sync_playwright, expect


def run(playwright: Playwright) -> None:
    browser = playwright.chromium.launch(headless=False)
    context = browser.new_context()
    page = context.new_page()
    page.goto("http://returns.localhost:8123/")
    page.get_by_role("textbox", name="Order number").click()
    page.get_by_role("textbox", name="Order number").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Order number").fill("A-2207")
    page.get_by_role("textbox", name="Email").click()
    page.get_by_role("textbox", name="Email").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Email").fill("ada@leveret.example")
    page.get_by_role("button", name="Find order").click()
    page.get_by_role("checkbox", name="Rain boots, green,").check()
    page.get_by_label("Reason Please chooseToo").press("Tab")
    page.get_by_role("button", name="Photo").set_input_files("torn.png")
    page.get_by_role("button", name="Continue").click()
    page.close()

    # ---------------------
    context.close()
    browser.close()


with sync_playwright() as playwright:
    run(playwright)
