from playwright.sync_api import Page


def more(page: Page):
    page.get_by_text("More").click()
    more(page)


def test_more(page: Page):
    page.goto("https://shop.example/")
    more(page)
