"""The pages: which packages, which releases, which folders of them. The only place where versions are pinned.

A row is one package; its releases stand in the order in which they appeared, and each neighbouring pair is compared. A
page of one release is that page of the next which has the same file name. `kind` says how the pages come to be:

- `npm`: the package ships HTML files; `folder` is where they are.
- `bundle`: an npm package that ships a program which draws the page; `page.html` stands in `data/bundles`.
- `docs`: a documentation theme from PyPI, over the small manual in `data/manual`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["npm", "bundle", "sphinx", "mkdocs"]


class Release(msgspec.Struct, frozen=True):
    """One release: its version, the folder of its pages, and what has to be installed beside it (for `docs`)."""

    version: str
    folder: str = ""
    beside: tuple[str, ...] = ()


class Package(msgspec.Struct, frozen=True):
    """A package as its registry calls it, and its releases, oldest first. `family` splits; `most` pages are taken."""

    name: str
    kind: Kind
    releases: tuple[Release, ...]
    most: int = 4
    family: str = ""
    theme: str = ""
    after: int = 0

    @property
    def page_family(self) -> str:
        """What the split goes by."""
        return self.family or self.name


def _npm(name: str, *releases: tuple[str, str], most: int = 4) -> Package:
    return Package(name, "npm", tuple(Release(version, folder) for version, folder in releases), most)


PACKAGES: tuple[Package, ...] = (
    _npm("admin-lte", ("2.4.18", ""), ("3.0.5", ""), ("3.2.0", ""), ("4.0.0", "dist"), most=6),
    _npm("gentelella", ("1.4.0", "production"), ("4.2.0", "dist/production"), most=8),
    _npm("material-dashboard", ("1.2.0", "examples"), ("2.1.0", "examples"), ("3.1.0", "pages")),
    _npm("startbootstrap-sb-admin-2", ("3.3.7", "pages"), ("4.0.7", ""), ("4.1.4", "")),
    _npm("startbootstrap-sb-admin", ("4.0.0", ""), ("5.1.1", ""), ("6.0.2", "dist"), ("7.0.7", "dist")),
    _npm("startbootstrap-clean-blog", ("1.0.0", ""), ("5.1.0", "dist"), ("6.0.9", "dist")),
    _npm("startbootstrap-agency", ("4.1.1", ""), ("7.0.12", "dist")),
    _npm("startbootstrap-freelancer", ("4.1.1", ""), ("7.0.7", "dist")),
    _npm("startbootstrap-creative", ("4.1.1", ""), ("7.0.7", "dist")),
    _npm("startbootstrap-grayscale", ("4.1.1", ""), ("7.0.6", "dist")),
    _npm("startbootstrap-new-age", ("4.1.1", ""), ("6.0.7", "dist")),
    _npm("startbootstrap-landing-page", ("4.1.1", ""), ("6.0.6", "dist")),
    _npm("startbootstrap-stylish-portfolio", ("4.1.1", ""), ("6.0.6", "dist")),
    _npm("startbootstrap-business-casual", ("4.1.1", ""), ("7.0.9", "dist")),
    _npm("startbootstrap-resume", ("4.1.1", ""), ("7.0.6", "dist")),
    _npm("startbootstrap-modern-business", ("4.2.3", ""), ("5.0.7", "dist"), most=6),
)
