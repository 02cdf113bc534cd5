from playwright.sync_api import Page


def test_sums():
    assert 1 + 1 == 2
