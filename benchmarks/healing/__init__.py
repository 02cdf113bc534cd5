"""Does healing find the right element again, and does it stop when the element is gone?

A case is an element on a page as it was and the page as it is now. The pages are what third-party packages ship, in
several releases each, the town's sites, and mutations of both. Every page is rendered once by its own scripts and then
frozen, so that all contestants meet the very same elements. `docs/healing.md` tells the method and the figures.

- `packages.py` names the packages, their releases and their pages; `families.py` splits the families in halves.
- `fetching.py` brings them: unpacked, built with our manual, or started (`served.py`) and their pages kept.
- `looking.py` renders and freezes, `mutations.py` draws redesigns, `truth.py` says which element is which.
- `cases.py` puts it together and keeps what it made below `.bench-cache/healing`.
- `contestants.py` is us, `similo.py` and `healenium.py` are re-implementations, `peers/` run their own code.
"""
