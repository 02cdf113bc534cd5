"""Which of the elements that were found is meant, and what to say when none is."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from playwright.async_api import Frame

from browser import eyes, frames
from browser.conditions import Sighting
from browser.errors import ElementAmbiguous, ElementChanged, ElementMissing
from browser.fingerprint import Fingerprint, similarity
from browser.locators import Locator


def best(reply: eyes.Reply, at: Frame, like: Fingerprint | None, *, any_words: bool = False) -> Sighting | None:
    """The only match that is most alike, else the most alike of several. `any_words`: what it says does not count."""
    path = frames.path(at)
    like = wordless(like) if like and any_words else like
    ranked: list[tuple[bool, float, int, eyes.Seen]] = []
    for seen in reply.found:
        met = wordless(seen.seen) if any_words else seen.seen
        alike = similarity(like, _in_frame(met, path)) if like else 1.0
        ranked.append((seen.matches == 1, alike, -seen.locator, seen))
    if not ranked:
        return None
    ranked.sort(key=lambda entry: entry[:3], reverse=True)
    _, alike, _, seen = ranked[0]
    others = [score for _, score, _, other in ranked[1:] if other.ref != seen.ref]
    return Sighting(
        seen=_in_frame(seen.seen, path),
        similarity=alike,
        matches=seen.matches,
        locator=seen.locator,
        margin=alike - max(others) if others else 1.0,
        visible=seen.visible,
        texts=reply.texts,
        origin=reply.origin,
        frame=at,
        ref=seen.ref,
        checked=seen.checked,
        lands=seen.lands and not path,  # What lies on a frame its own document does not know.
    )


def _in_frame(fingerprint: Fingerprint, path: tuple[str, ...]) -> Fingerprint:
    if not path:
        return fingerprint
    fields = {name: getattr(fingerprint, name) for name in fingerprint.__struct_fields__}
    return Fingerprint(**{**fields, "frame": path})


def wordless(seen: Fingerprint) -> Fingerprint:
    """An element without what it and those around it say."""
    return replace(seen, name="", label="", text="", neighbours=())


def not_found(
    seen: Sighting | None, locators: Sequence[Locator], at_least: float
) -> ElementMissing | ElementAmbiguous | ElementChanged:
    """The error that says why no element was taken; `seen` is the best there was."""
    named = ", ".join(locator.described() for locator in locators[:3])
    if seen is None:
        return ElementMissing(f"nothing on the page matches {named}; heal the step or wait longer")
    if not seen.unique and seen.similarity >= at_least:
        return ElementAmbiguous(f"{seen.matches} elements match {named}; narrow the locator")
    return ElementChanged(changed_text(seen, at_least))


def changed_text(seen: Sighting, at_least: float) -> str:
    """A message for an element that is another thing now."""
    what = f"{seen.seen.role or seen.seen.tag} {seen.seen.name or seen.seen.text[:40]!r}"
    return f"{what} is not what was taught (alike {seen.similarity:.2f}, needed {at_least:.2f}); heal the step"
