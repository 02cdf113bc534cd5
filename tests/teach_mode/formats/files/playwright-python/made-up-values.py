import random
import time
import uuid
from datetime import date
from faker import Faker
from playwright.sync_api import Page

fake = Faker()


def test_register(page: Page):
    page.goto("https://shop.example/register")
    page.get_by_label("Name").fill(fake.name())
    page.get_by_label("Email").fill(f"ada+{uuid.uuid4()}@leveret.example")
    page.get_by_label("Born on").fill(date.today().isoformat())
    page.get_by_label("Size").select_option(random.choice(["42", "43"]))
    time.sleep(1)
    page.get_by_role("button", name="Register now").click()
