import os
from playwright.sync_api import Page

USER = os.environ["SHOP_USER"]
PASSWORD = os.getenv("SHOP_PASSWORD", "")


def test_sign_in(page: Page):
    page.goto("https://shop.example/login")
    page.get_by_label("Email").fill(USER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(os.environ.get("SHOP_OTP"))
    page.get_by_role("button", name="Sign in").click()
