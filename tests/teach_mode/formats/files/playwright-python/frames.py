from playwright.sync_api import Page


def test_frames(page: Page):
    page.goto("https://shop.example/pay")
    page.frame_locator("#card").get_by_label("Holder").fill("Ada Example")
    page.locator("iframe[name='bank']").content_frame.get_by_role("button", name="Next").click()
    page.frame_locator("iframe").nth(1).get_by_text("Close").click()
    page.frame(name="help").get_by_text("Hello").click()
    page.frame_locator("[title='Chat']").get_by_text("Hi").click()
    inner = page.frame_locator("#outer").frame_locator("#inner")
    inner.get_by_label("Code").fill("7")
