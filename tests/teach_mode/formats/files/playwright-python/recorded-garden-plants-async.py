import asyncio
import re
from playwright.async_api import Playwright, async_playwright, expect


async def run(playwright: Playwright) -> None:
    browser = await playwright.chromium.launch(headless=False)
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto("http://garden.localhost:8123/")
    await page.get_by_role("button", name="Only what is needed").click()
    await page.get_by_role("textbox", name="How many Lavender").click()
    await page.get_by_role("textbox", name="How many Lavender").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="How many Lavender").fill("3")
    await page.get_by_role("button", name="Add Lavender").click()
    await page.get_by_role("textbox", name="Name").click()
    await page.get_by_role("textbox", name="Name").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="Name").fill("Ada Example")
    await page.get_by_role("button", name="Next month").click()
    await page.get_by_role("button", name="Thursday 3 December").click()
    await page.close()

    # ---------------------
    await context.close()
    await browser.close()


async def main() -> None:
    async with async_playwright() as playwright:
        await run(playwright)


asyncio.run(main())
