import asyncio
import re
from playwright.async_api import Playwright, async_playwright, expect


async def run(playwright: Playwright) -> None:
    browser = await playwright.chromium.launch(headless=False)
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto("http://tickets.localhost:8123/")
    await page.get_by_role("searchbox", name="Search").click()
    await page.get_by_role("searchbox", name="Search").press("ControlOrMeta+a")
    await page.get_by_role("searchbox", name="Search").fill("granary")
    await page.get_by_label("Genre").select_option("theatre")
    await page.get_by_label("Genre").press("Tab")
    await page.get_by_role("button", name="Show events").click()
    await page.get_by_role("link", name="Seats for Hamlet, Briefly").click()
    await page.locator("iframe[name=\"seats\"]").content_frame.get_by_role("button", name="Row A, seat 4,").click()
    await page.close()

    # ---------------------
    await context.close()
    await browser.close()


async def main() -> None:
    async with async_playwright() as playwright:
        await run(playwright)


asyncio.run(main())
