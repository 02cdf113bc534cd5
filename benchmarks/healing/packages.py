"""The pages: which packages, which releases, which folders of them. The only place where versions are pinned.

A row is one package; its releases stand in the order in which they appeared, and each neighbouring pair is compared. A
page of one release is that page of the next which has the same file name. `kind` says how the pages come to be:

- `npm`: the package ships HTML files; `folder` is where they are.
- `bundle`: the npm package ships a program which draws the page; the page that starts it stands in `data/bundles`.
- `sphinx`, `mkdocs`: a documentation theme from PyPI, over the small manual in `data/manual`; `beside` fits it.
- `python`, `node`: a program with a server of its own, started on loopback as `served.py` says; `variant` is the
  template that its pages are drawn with.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["npm", "bundle", "sphinx", "mkdocs", "python", "node"]

OLD_SPHINX = (
    "sphinx==4.5.0", "docutils==0.17.1", "setuptools<70", "sphinxcontrib-applehelp==1.0.2",
    "sphinxcontrib-devhelp==1.0.2", "sphinxcontrib-htmlhelp==2.0.0", "sphinxcontrib-qthelp==1.0.3",
    "sphinxcontrib-serializinghtml==1.1.5",
)  # fmt: skip
SPHINX_5 = ("sphinx==5.3.0", "setuptools<70")
SPHINX_7 = ("sphinx==7.4.7",)
SPHINX_8 = ("sphinx==8.1.3",)
MKDOCS_1_2 = ("mkdocs==1.2.4", "jinja2<3.1", "markdown<3.4", "setuptools<70", "click<8.2")
MKDOCS_1_3 = ("mkdocs==1.3.1", "jinja2<3.2", "markdown<3.4", "setuptools<70", "click<8.2")
GRADIO_OLD = ("huggingface_hub<0.26", "pydantic<2.11", "starlette<0.40", "setuptools<70")
MKDOCS_1_6 = ("mkdocs==1.6.1", "click<8.2")


class Release(msgspec.Struct, frozen=True):
    """One release: its version, the folder of its pages, what is installed beside it, which of its templates."""

    version: str
    folder: str = ""
    beside: tuple[str, ...] = ()
    variant: str = ""


class Package(msgspec.Struct, frozen=True):
    """A package as its registry calls it, and its releases, oldest first. `family` splits; `most` pages are taken."""

    name: str
    kind: Kind
    releases: tuple[Release, ...]
    most: int = 4
    family: str = ""
    theme: str = ""

    @property
    def page_family(self) -> str:
        """What the split goes by."""
        return self.family or self.name


def _npm(name: str, *releases: tuple[str, str], most: int = 4) -> Package:
    return Package(name, "npm", tuple(Release(version, folder) for version, folder in releases), most)


def _bundle(name: str, *versions: str) -> Package:
    return Package(name, "bundle", tuple(Release(version) for version in versions))


def _docs(kind: Kind, name: str, *releases: tuple[str, tuple[str, ...]], theme: str = "") -> Package:
    found = tuple(Release(version, beside=beside) for version, beside in releases)
    return Package(name, kind, found, most=5, theme=theme)


def _served(kind: Kind, name: str, *releases: Release) -> Package:
    return Package(name, kind, releases, most=6)


PACKAGES: tuple[Package, ...] = (
    _npm("admin-lte", ("2.4.18", ""), ("3.0.5", ""), ("3.2.0", ""), ("4.0.0", "dist"), most=6),
    _npm("gentelella", ("1.4.0", "production"), ("2.1.0", "production"), ("4.2.0", "dist/production"), most=6),
    _npm("material-dashboard", ("1.2.0", "examples"), ("2.1.0", "examples"), ("3.1.0", "pages")),
    _npm("startbootstrap-sb-admin-2", ("3.3.7", "pages"), ("4.0.7", ""), ("4.1.4", "")),
    _npm("startbootstrap-sb-admin", ("4.0.0", ""), ("5.1.1", ""), ("6.0.2", "dist"), ("7.0.7", "dist")),
    _npm("startbootstrap-clean-blog", ("1.0.0", ""), ("5.1.0", "dist"), ("6.0.9", "dist")),
    _npm("startbootstrap-agency", ("4.1.1", ""), ("7.0.12", "dist")),
    _npm("startbootstrap-freelancer", ("4.1.1", ""), ("7.0.7", "dist")),
    _npm("startbootstrap-grayscale", ("4.1.1", ""), ("7.0.6", "dist")),
    _npm("startbootstrap-new-age", ("4.1.1", ""), ("5.1.0", "dist"), ("6.0.7", "dist")),
    _npm("startbootstrap-landing-page", ("4.1.1", ""), ("5.1.0", "dist"), ("6.0.6", "dist")),
    _npm("startbootstrap-business-casual", ("4.1.1", ""), ("5.0.7", ""), ("7.0.9", "dist")),
    _npm("startbootstrap-resume", ("4.1.1", ""), ("7.0.6", "dist")),
    _npm("startbootstrap-modern-business", ("4.2.3", ""), ("5.0.7", "dist"), most=6),
    _npm("jsoneditor", ("5.32.5", "examples"), ("8.6.8", "examples"), ("9.10.4", "examples"), most=10),
    _npm("uikit", ("3.0.3", "tests"), ("3.21.13", "tests"), most=24),
    _npm("foundation-sites", ("6.6.3", "test/visual"), ("6.9.0", "test/visual"), most=12),
    _npm("now-ui-kit", ("1.0.0", ""), ("1.1.0", ""), ("1.3.0", "")),
    _npm("@creative-tim-official/argon-dashboard-free", ("1.0.0", "examples"), ("1.2.0", "examples")),
    _bundle("swagger-ui-dist", "3.25.0", "4.19.1", "5.29.0"),
    _bundle("redoc", "2.0.0", "2.5.2"),
    _bundle("rapidoc", "8.4.9", "9.3.8"),
    _npm("trumbowyg", ("2.9.4", ""), ("2.28.0", "")),
    _npm("startbootstrap-small-business", ("4.2.3", ""), ("5.0.6", "dist")),
    _npm("startbootstrap-scrolling-nav", ("4.1.1", ""), ("5.0.6", "dist")),
    _npm("startbootstrap-shop-item", ("4.2.3", ""), ("5.0.6", "dist")),
    _bundle("tinymce", "4.9.11", "5.10.9", "6.8.5", "8.1.2"),
    _bundle("easymde", "2.8.0", "2.18.0"),
    _bundle("ckeditor4", "4.14.1", "4.22.1"),
    _docs("sphinx", "alabaster", ("0.7.6", OLD_SPHINX), ("0.7.12", SPHINX_5), ("1.0.0", SPHINX_8)),
    _docs("sphinx", "sphinx-rtd-theme",
          ("1.0.0", OLD_SPHINX), ("1.3.0", SPHINX_5), ("3.0.2", SPHINX_8), theme="sphinx_rtd_theme"),
    _docs("sphinx", "furo", ("2021.11.23", OLD_SPHINX), ("2022.12.7", SPHINX_5), ("2024.8.6", SPHINX_8)),
    _docs("sphinx", "pydata-sphinx-theme",
          ("0.8.1", OLD_SPHINX), ("0.13.3", SPHINX_5), ("0.16.1", SPHINX_8), theme="pydata_sphinx_theme"),
    _docs("sphinx", "sphinx-book-theme",
          ("0.3.3", OLD_SPHINX), ("1.0.1", SPHINX_5), ("1.1.4", SPHINX_7), theme="sphinx_book_theme"),
    _docs("sphinx", "sphinxawesome-theme", ("3.3.7", OLD_SPHINX), ("4.1.0", SPHINX_5), ("5.3.2", SPHINX_8),
          theme="sphinxawesome_theme"),
    _docs("sphinx", "piccolo-theme", ("0.14.0", SPHINX_5), ("0.24.0", SPHINX_8), theme="piccolo_theme"),
    _docs("mkdocs", "mkdocs-material",
          ("5.5.14", MKDOCS_1_2), ("7.3.6", MKDOCS_1_3), ("8.5.11", MKDOCS_1_6), ("9.6.14", MKDOCS_1_6),
          theme="material"),
    _docs("mkdocs", "mkdocs", ("1.2.4", MKDOCS_1_2), ("1.3.1", MKDOCS_1_3), ("1.6.1", MKDOCS_1_6)),
    _docs("mkdocs", "mkdocs", ("1.2.4", MKDOCS_1_2), ("1.3.1", MKDOCS_1_3), ("1.6.1", MKDOCS_1_6), theme="readthedocs"),
    _docs("mkdocs", "mkdocs-bootswatch", ("1.0", MKDOCS_1_2), ("1.1", MKDOCS_1_6), theme="flatly"),
    _docs("mkdocs", "mkdocs-ivory", ("0.2.0", MKDOCS_1_3), ("0.4.6", MKDOCS_1_6), theme="ivory"),
    _docs("mkdocs", "mkdocs-cinder", ("1.0.0", MKDOCS_1_2), ("1.2.0", MKDOCS_1_3), theme="cinder"),
    _served("python", "trac", Release("1.6", beside=("setuptools<80",))),
    _served("python", "roundup", Release("2.4.0", variant="classic"),
            Release("2.6.0", beside=("jinja2",), variant="jinja2")),
    _served("python", "gradio", Release("4.44.1", beside=GRADIO_OLD), Release("5.50.0"), Release("6.31.0")),
    _served("node", "node-red", Release("2.2.3"), Release("4.1.15")),
    _served("node", "verdaccio", Release("5.15.4"), Release("6.1.6", beside=("node-fetch@2.7.0",))),
)  # fmt: skip
