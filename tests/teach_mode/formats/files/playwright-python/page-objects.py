from playwright.sync_api import Page, expect


class Base:
    path = "/"

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> "Base":
        self.page.goto("https://shop.example" + self.path)
        return self


class SearchPage(Base):
    path = "/search"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.page = page
        self.field = page.get_by_placeholder("What is it?")

    @property
    def results(self):
        return self.page.get_by_role("list", name="Results").get_by_role("listitem")

    def search(self, words: str) -> None:
        self.field.fill(words)
        self.field.press("Enter")


def test_search(page: Page):
    search = SearchPage(page)
    search.open()
    search.search("boots")
    expect(search.results.first).to_be_visible()
    search.results.nth(0).get_by_role("link").click()
