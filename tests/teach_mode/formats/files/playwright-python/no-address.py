from playwright.sync_api import Page


def test_x(page: Page):
    page.get_by_text('x').click()
