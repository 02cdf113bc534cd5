import asyncio
import re
from playwright.async_api import Playwright, async_playwright, expect


async def run(playwright: Playwright) -> None:
    browser = await playwright.chromium.launch(headless=False)
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto("http://returns.localhost:8123/")
    await page.get_by_role("textbox", name="Order number").click()
    await page.get_by_role("textbox", name="Order number").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="Order number").fill("A-2207")
    await page.get_by_role("textbox", name="Email").click()
    await page.get_by_role("textbox", name="Email").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="Email").fill("ada@leveret.example")
    await page.get_by_role("button", name="Find order").click()
    await page.get_by_role("checkbox", name="Rain boots, green,").check()
    await page.get_by_label("Reason Please chooseToo").press("Tab")
    await page.get_by_role("button", name="Photo").set_input_files("torn.png")
    await page.get_by_role("button", name="Continue").click()
    await page.close()

    # ---------------------
    await context.close()
    await browser.close()


async def main() -> None:
    async with async_playwright() as playwright:
        await run(playwright)


asyncio.run(main())
