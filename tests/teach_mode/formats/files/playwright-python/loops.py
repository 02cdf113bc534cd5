from playwright.sync_api import Page

TOPPINGS = ["Olives", "Onions"]


def order(page: Page, guests: list[str], extras=()):
    page.goto("https://pizza.example/")
    for topping in TOPPINGS:
        page.get_by_label(topping).check()
    for number in range(3):
        page.get_by_role("button", name="More").click()
    for at, name in enumerate(("first", "second")):
        page.get_by_test_id(f"slot-{at}").fill(name)
    for guest in guests:
        page.get_by_label("Guest").fill(guest)
        page.get_by_role("button", name="Invite").click()
    for extra in extras:
        page.get_by_label(extra).check()
    for row in page.get_by_role("listitem").all():
        row.get_by_role("button", name="Done").click()
    while page.get_by_role("button", name="Load more").is_visible():
        page.get_by_role("button", name="Load more").click()
