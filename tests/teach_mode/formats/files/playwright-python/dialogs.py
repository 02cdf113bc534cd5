from playwright.sync_api import Dialog, Page


def answer(dialog: Dialog) -> None:
    assert dialog.message
    dialog.accept("Ada")


def test_dialogs(page: Page):
    page.goto("https://shop.example/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Empty the cart").click()
    page.once("dialog", answer)
    page.get_by_role("button", name="Rename").click()
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Leave").click()
    page.on("console", lambda message: print(message.text))
