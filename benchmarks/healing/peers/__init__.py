"""Peers that run their own code, each in an environment of its own below `.venv-peers`."""
