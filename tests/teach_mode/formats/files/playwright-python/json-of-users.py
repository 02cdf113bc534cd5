from playwright.sync_api import Page

USER = {"name": "Ada Example", "address": {"city": "Newtown"}}


def test_user(page: Page):
    page.goto("https://shop.example/")
    page.get_by_label("Name").fill(USER["name"])
    page.get_by_label("City").fill(USER["address"]["city"])
    page.get_by_label("Phone").fill(USER.get("phone", "555 0100"))
    page.get_by_label("Both").fill("{} of {}".format(USER["name"], "Newtown"))
