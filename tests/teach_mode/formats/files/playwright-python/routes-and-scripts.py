from playwright.sync_api import Page, Route


def block(route: Route) -> None:
    route.abort()


def test_quiet(page: Page):
    page.route("**/*.png", block)
    page.add_init_script("window.quiet = true")
    page.goto("https://shop.example/")
    page.evaluate("window.scrollTo(0, 500)")
    height = page.evaluate("document.body.scrollHeight")
    page.wait_for_function("window.ready")
    page.wait_for_timeout(500)
    with page.expect_response("**/api/cart") as answer:
        page.get_by_text("Cart").click()
    assert answer.value.ok
    page.context.storage_state(path="state.json")
    page.set_viewport_size({"width": 400, "height": 800})
    page.context.tracing.start(screenshots=True)
    page.context.tracing.stop(path="trace.zip")
