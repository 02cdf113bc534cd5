from playwright.async_api import Page, expect


async def test_papers(page: Page) -> None:
    await page.goto("https://shop.example/orders")
    async with page.expect_popup() as receipt_info:
        await page.get_by_role("link", name="Receipt").click()
    receipt = await receipt_info.value
    await receipt.get_by_role("button", name="Larger").click()
    await receipt.close()
    async with page.expect_download() as label_info:
        await page.get_by_role("link", name="Label").click()
    label = await label_info.value
    await label.save_as("/tmp/" + label.suggested_filename)
    async with page.expect_file_chooser() as chooser_info:
        await page.get_by_text("Upload a photo").click()
    chooser = await chooser_info.value
    await chooser.set_files("photos/boots.jpg")
