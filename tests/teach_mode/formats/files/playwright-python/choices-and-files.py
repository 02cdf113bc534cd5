from pathlib import Path
from playwright.sync_api import Page

HERE = Path(__file__).parent


def test_form(page: Page):
    page.goto("https://shop.example/form")
    page.get_by_label("Size").select_option("42")
    page.get_by_label("Colours").select_option(["red", "green"])
    page.get_by_label("Country").select_option(label="France")
    page.get_by_label("Day").select_option(index=2)
    page.get_by_label("Gift").set_checked(True)
    page.get_by_label("News").set_checked(False)
    page.get_by_label("Photo").set_input_files(HERE / "photos" / "boots.jpg")
    page.get_by_label("Papers").set_input_files(["a.pdf", "b.pdf"])
    page.get_by_label("Papers").set_input_files([])
    page.get_by_label("Text").set_input_files(files=[{"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"}])
