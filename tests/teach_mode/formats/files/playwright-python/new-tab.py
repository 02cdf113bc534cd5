from playwright.sync_api import BrowserContext


def test_two_tabs(context: BrowserContext):
    page = context.new_page()
    page.goto("https://shop.example/")
    page.get_by_text("Remember").click()
    other = context.new_page()
    other.goto("https://mail.example/")
    other.get_by_role("link", name="Inbox").click()
    with context.expect_page() as third_info:
        other.get_by_role("link", name="Help").click()
    third = third_info.value
    third.get_by_text("Contact").click()
    other.close()
    page.bring_to_front()
    page.get_by_text("Done").click()
