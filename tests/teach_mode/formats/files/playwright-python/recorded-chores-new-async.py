import asyncio
import re
from playwright.async_api import Playwright, async_playwright, expect


async def run(playwright: Playwright) -> None:
    browser = await playwright.chromium.launch(headless=False)
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto("http://chores.localhost:8123/")
    await page.get_by_role("link", name="New chore").click()
    await page.get_by_role("textbox", name="What is to be done?").click()
    await page.get_by_role("textbox", name="What is to be done?").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="What is to be done?").fill("Feed the ducks")
    await page.get_by_role("textbox", name="What is to be done?").press("Enter")
    await page.get_by_role("button", name="Mark as done").click()
    await page.get_by_role("link", name="All chores").click()
    await page.close()

    # ---------------------
    await context.close()
    await browser.close()


async def main() -> None:
    async with async_playwright() as playwright:
        await run(playwright)


asyncio.run(main())
