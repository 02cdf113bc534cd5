from playwright.sync_api import Page


def test_x(page: Page):
    page.goto('https://shop.example/')
    page.get_by_text('x').click()
