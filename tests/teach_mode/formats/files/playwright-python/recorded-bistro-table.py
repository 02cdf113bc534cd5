import re
from playwright.sync_api import Playwright, sync_playwright, expect


def run(playwright: Playwright) -> None:
    browser = playwright.chromium.launch(headless=False)
    context = browser.new_context()
    page = context.new_page()
    page.goto("http://bistro.localhost:8123/")
    page.get_by_role("main").get_by_role("link", name="Book a table").click()
    page.get_by_label("People 1 person2 people3").select_option("4")
    page.get_by_label("People 1 person2 people3").press("Tab")
    page.get_by_role("button", name="Next month").click()
    page.get_by_role("button", name="Wednesday 2 December").click()
    page.get_by_role("button", name="19:30").click()
    page.get_by_role("textbox", name="Name").click()
    page.get_by_role("textbox", name="Name").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Name").fill("Ada Example")
    page.get_by_role("textbox", name="Phone").click()
    page.get_by_role("textbox", name="Phone").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Phone").fill("555 0100")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Confirm booking").click()
    page.close()

    # ---------------------
    context.close()
    browser.close()


with sync_playwright() as playwright:
    run(playwright)
