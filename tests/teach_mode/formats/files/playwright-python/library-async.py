import asyncio

from playwright.async_api import async_playwright


async def main():
    async with async_playwright() as p:
        browser = await p.firefox.launch()
        page = await browser.new_page()
        await page.goto("https://shop.example")
        await page.get_by_placeholder("Search").fill("boots")
        await page.get_by_role("button", name="Search").click()
        await page.wait_for_load_state("networkidle")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
