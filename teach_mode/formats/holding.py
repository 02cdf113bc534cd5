"""What a file of another tool can hold of a skill: the rows of the table in docs/formats.md, a column a format."""

from __future__ import annotations

from collections.abc import Iterable

from teach_mode.formats.format import Format

KEPT = "kept"
FEATURES: dict[str, str] = {
    "order": "the steps in their order",
    "addresses": "addresses gone to",
    "values": "what is typed, chosen and pressed",
    "role": "locators by role and name",
    "label": "locators by label",
    "placeholder": "locators by placeholder",
    "text": "locators by text",
    "testid": "locators by test id",
    "css": "locators by CSS",
    "xpath": "locators by XPath",
    "shadow": "chains through shadow roots",
    "frames": "frames",
    "tabs": "further tabs",
    "dialogs": "answers to dialogs",
    "uploads": "uploads",
    "downloads": "downloads",
    "waits": "waits and assertions on elements",
    "texts": "waits and assertions on texts",
    "urls": "where a step leads",
    "optional": "optional steps",
    "page": "conditions on the page (`when`)",
    "until": "repetition until the page is so",
    "loops": "loops over values",
    "rows": "loops over rows of the page",
    "parameters": "parameters",
    "secrets": "secrets, by their names",
    "reads": "what is read from the page",
    "acts": "the question before what cannot be taken back",
    "looks": "fingerprints, evidence, problems, utterances",
}


def table(formats: Iterable[Format]) -> str:
    """The table as Markdown: what each format that can be written holds."""
    written = [one for one in formats if one.write is not None]
    lines = [["of a skill", *(f"`{one.name}`" for one in written)]]
    lines.append(["---"] * len(lines[0]))
    lines += [[words, *(one.holds.get(name, "?") for one in written)] for name, words in FEATURES.items()]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
