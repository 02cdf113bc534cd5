import asyncio
import re
from playwright.async_api import Playwright, async_playwright, expect


async def run(playwright: Playwright) -> None:
    browser = await playwright.chromium.launch(headless=False)
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto("http://customers.localhost:8123/login?to=/")
    await page.get_by_role("textbox", name="Email").click()
    await page.get_by_role("textbox", name="Email").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="Email").fill("ada@leveret.example")
    await page.get_by_role("textbox", name="Password").click()
    await page.get_by_role("textbox", name="Password").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="Password").fill("tulip-garden-9")
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("searchbox", name="Search customers").click()
    await page.get_by_role("searchbox", name="Search customers").press("ControlOrMeta+a")
    await page.get_by_role("searchbox", name="Search customers").fill("willow")
    await page.get_by_role("searchbox", name="Search customers").press("Enter")
    await page.close()

    # ---------------------
    await context.close()
    await browser.close()


async def main() -> None:
    async with async_playwright() as playwright:
        await run(playwright)


asyncio.run(main())
