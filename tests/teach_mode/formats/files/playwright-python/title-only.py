from playwright.sync_api import Page, expect


def test_has_title(page: Page):
    page.goto("https://docs.example/")
    expect(page).to_have_title("Docs")


def test_opens_the_menu(page: Page):
    page.goto("https://docs.example/")
    page.get_by_label("Menu").click()
