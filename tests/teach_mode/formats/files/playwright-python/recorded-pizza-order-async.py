import asyncio
import re
from playwright.async_api import Playwright, async_playwright, expect


async def run(playwright: Playwright) -> None:
    browser = await playwright.chromium.launch(headless=False)
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto("http://pizza.localhost:8123/")
    await page.get_by_role("link", name="Choose Diavola").click()
    await page.get_by_text("38 cm").click()
    await page.get_by_role("radio", name="Large").check()
    await page.get_by_text("Olives +").click()
    await page.get_by_role("checkbox", name="Olives").check()
    await page.get_by_label("Quantity").select_option("2")
    await page.get_by_label("Quantity").press("Tab")
    await page.get_by_role("button", name="Add to cart").click()
    await page.get_by_role("link", name="Checkout").click()
    await page.get_by_role("textbox", name="Name").click()
    await page.get_by_role("textbox", name="Name").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="Name").fill("Ada Example")
    await page.get_by_role("textbox", name="Phone").click()
    await page.get_by_role("textbox", name="Phone").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="Phone").fill("555 0100")
    await page.get_by_role("textbox", name="Address").click()
    await page.get_by_role("textbox", name="Address").press("ControlOrMeta+a")
    await page.get_by_role("textbox", name="Address").fill("Elm Street 5")
    await page.get_by_text("Cash at the door").click()
    await page.get_by_role("radio", name="Cash at the door").check()
    await page.get_by_role("button", name="Continue to review").click()
    await page.get_by_role("button", name="Order and pay").click()
    await page.close()

    # ---------------------
    await context.close()
    await browser.close()


async def main() -> None:
    async with async_playwright() as playwright:
        await run(playwright)


asyncio.run(main())
