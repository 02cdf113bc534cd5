from playwright.sync_api import Page


def fill_in(page: Page, rooms: list[str], days: list[str]):
    page.goto("https://hotel.example/")
    for room in rooms:
        page.get_by_label("Room").fill(room)
        for day in days:
            page.get_by_label("Day").fill(day)
