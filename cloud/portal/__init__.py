"""The owner's door: a JSON API, and one page to type a request, watch tasks and answer questions."""
