import asyncio
import re
from playwright.async_api import Playwright, async_playwright, expect


async def run(playwright: Playwright) -> None:
    browser = await playwright.chromium.launch(headless=False)
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto("http://rides.localhost:8123/")
    await page.get_by_role("combobox", name="Pick-up").click()
    await page.get_by_role("combobox", name="Pick-up").press("ControlOrMeta+a")
    await page.get_by_role("combobox", name="Pick-up").fill("market")
    await page.get_by_role("option", name="Market Hall Baker Lane").click()
    await page.get_by_role("combobox", name="Drop-off").click()
    await page.get_by_role("combobox", name="Drop-off").press("ControlOrMeta+a")
    await page.get_by_role("combobox", name="Drop-off").fill("stat")
    await page.get_by_role("option", name="Central Station Station Road").click()
    await page.get_by_role("button", name="See prices").click()
    await page.get_by_role("link", name="Hop Electric,").click()
    await page.get_by_role("textbox", name="Phone").click()
    await page.get_by_role("textbox", name="Phone").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="Phone").fill("555 0100")
    await page.close()

    # ---------------------
    await context.close()
    await browser.close()


async def main() -> None:
    async with async_playwright() as playwright:
        await run(playwright)


asyncio.run(main())
