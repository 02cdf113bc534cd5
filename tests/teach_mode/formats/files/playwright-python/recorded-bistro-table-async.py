import asyncio
import re
from playwright.async_api import Playwright, async_playwright, expect


async def run(playwright: Playwright) -> None:
    browser = await playwright.chromium.launch(headless=False)
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto("http://bistro.localhost:8123/")
    await page.get_by_role("main").get_by_role("link", name="Book a table").click()
    await page.get_by_label("People 1 person2 people3").select_option("4")
    await page.get_by_label("People 1 person2 people3").press("Tab")
    await page.get_by_role("button", name="Next month").click()
    await page.get_by_role("button", name="Wednesday 2 December").click()
    await page.get_by_role("button", name="19:30").click()
    await page.get_by_role("textbox", name="Name").click()
    await page.get_by_role("textbox", name="Name").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="Name").fill("Ada Example")
    await page.get_by_role("textbox", name="Phone").click()
    await page.get_by_role("textbox", name="Phone").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="Phone").fill("555 0100")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Confirm booking").click()
    await page.close()

    # ---------------------
    await context.close()
    await browser.close()


async def main() -> None:
    async with async_playwright() as playwright:
        await run(playwright)


asyncio.run(main())
