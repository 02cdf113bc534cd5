import asyncio
import re
from playwright.async_api import Playwright, async_playwright, expect


async def run(playwright: Playwright) -> None:
    browser = await playwright.chromium.launch(headless=False)
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto("http://library.localhost:8123/")
    await page.get_by_role("textbox").click()
    await page.get_by_role("textbox").press("ControlOrMeta+a")
    await page.get_by_role("textbox").fill("nine doors")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("link", name="A House With Nine Doors").click()
    await page.get_by_role("textbox").click()
    await page.get_by_role("textbox").press("ControlOrMeta+a")
    await page.get_by_role("textbox").fill("L-4471")
    await page.close()

    # ---------------------
    await context.close()
    await browser.close()


async def main() -> None:
    async with async_playwright() as playwright:
        await run(playwright)


asyncio.run(main())
