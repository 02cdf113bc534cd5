import asyncio
import re
from playwright.async_api import Playwright, async_playwright, expect


async def run(playwright: Playwright) -> None:
    browser = await playwright.chromium.launch(headless=False)
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto("http://townhall.localhost:8123/")
    await page.get_by_role("link", name="Start now").click()
    await page.get_by_role("textbox", name="Name").click()
    await page.get_by_role("textbox", name="Name").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="Name").fill("Ada Example")
    await page.get_by_role("textbox", name="Email").click()
    await page.get_by_role("textbox", name="Email").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="Email").fill("ada@leveret.example")
    await page.get_by_role("button", name="Continue").click()
    await page.close()

    # ---------------------
    await context.close()
    await browser.close()


async def main() -> None:
    async with async_playwright() as playwright:
        await run(playwright)


asyncio.run(main())
