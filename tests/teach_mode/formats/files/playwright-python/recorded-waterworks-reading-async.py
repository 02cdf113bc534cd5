import asyncio
import re
from playwright.async_api import Playwright, async_playwright, expect


async def run(playwright: Playwright) -> None:
    browser = await playwright.chromium.launch(headless=False)
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto("http://waterworks.localhost:8123/")
    await page.locator("frame[name=\"menu\"]").content_frame.get_by_role("link", name="Report a reading").click()
    await page.locator("frame[name=\"main\"]").content_frame.locator("input[name=\"meter\"]").click()
    await page.locator("frame[name=\"main\"]").content_frame.locator("input[name=\"meter\"]").press("ControlOrMeta+a")
    await page.locator("frame[name=\"main\"]").content_frame.locator("input[name=\"meter\"]").fill("W-4472")
    await page.locator("frame[name=\"main\"]").content_frame.locator("input[name=\"reading\"]").click()
    await page.locator("frame[name=\"main\"]").content_frame.locator("input[name=\"reading\"]").press("ControlOrMeta+a")
    await page.locator("frame[name=\"main\"]").content_frame.locator("input[name=\"reading\"]").fill("5000")
    await page.close()

    # ---------------------
    await context.close()
    await browser.close()


async def main() -> None:
    async with async_playwright() as playwright:
        await run(playwright)


asyncio.run(main())
