import allure
from playwright.sync_api import Page


@allure.title("Buy")
def test_steps(page: Page):
    with allure.step("Open"):
        page.goto("https://shop.example/")
    with allure.step("Look"):
        page.get_by_text("Sale").click()
    with Timer():
        page.get_by_text("Boots").click()
