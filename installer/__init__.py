"""Puts device or cloud onto a machine as a service, and takes it away again: `python3 -m installer`.

It is what runs first on a machine that has nothing yet, so it needs Python's standard library only, and imports nothing
of ours.
"""
