"""Eyes and hands on a web page: Chromium by Playwright, one egress port a task, elements remembered and found."""
