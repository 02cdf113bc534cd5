import re
from playwright.sync_api import Page, expect


def test_example(page: Page) -> None:
    page.goto("http://pizza.localhost:8123/")
    page.get_by_role("link", name="Choose Diavola").click()
    page.get_by_text("38 cm").click()
    page.get_by_role("radio", name="Large").check()
    page.get_by_text("Olives +").click()
    page.get_by_role("checkbox", name="Olives").check()
    page.get_by_label("Quantity").select_option("2")
    page.get_by_label("Quantity").press("Tab")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("link", name="Checkout").click()
    page.get_by_role("textbox", name="Name").click()
    page.get_by_role("textbox", name="Name").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Name").fill("Ada Example")
    page.get_by_role("textbox", name="Phone").click()
    page.get_by_role("textbox", name="Phone").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Phone").fill("555 0100")
    page.get_by_role("textbox", name="Address").click()
    page.get_by_role("textbox", name="Address").press("ControlOrMeta+a")
    page.get_by_role("textbox", name="Address").fill("Elm Street 5")
    page.get_by_text("Cash at the door").click()
    page.get_by_role("radio", name="Cash at the door").check()
    page.get_by_role("button", name="Continue to review").click()
    page.get_by_role("button", name="Order and pay").click()
