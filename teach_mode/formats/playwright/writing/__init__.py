"""Skills as scripts of Playwright for Python, and as recordings of its codegen."""
