"""The JavaScript that sees: one source for the page's walker, for replay and for the recorder."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

ENGINE_NAME = "leveret"


@cache
def source(name: str) -> str:
    """The text of one of this package's scripts, such as "eyes.js"."""
    return files("browser").joinpath(*name.split("/")).read_text(encoding="utf-8")


def eyes_script() -> str:
    """Declares `memory`: `memory.fingerprint(element)` is what a skill remembers. For injection beside a recorder."""
    return f"{source('eyes.js')}\n{source('walker.js')}\n{source('memory.js')}"


def engine_script() -> str:
    """The selector engine, one expression, as `playwright.selectors.register` takes it."""
    return f"(() => {{ {eyes_script()}\n{source('forms.js')}\n{source('engine.js')}\nreturn engine; }})()"


def beside_engine(script: str) -> str:
    """A script of another room's with `eyes`, `memory` and `engine` at hand, for a world of its own."""
    return f"(() => {{ {eyes_script()}\n{source('forms.js')}\n{source('engine.js')}\n{script} }})()"


WAIT_FOR_CHANGE = """
(cap_ms) => new Promise((resolve) => {
  const events = ["transitionend", "animationend", "load", "input", "change", "scroll", "visibilitychange"];
  const observer = new MutationObserver(done);
  const timer = setTimeout(done, cap_ms);
  for (const name of events) addEventListener(name, done, true);
  watch(document);
  function watch(root) {
    observer.observe(root, { childList: true, subtree: true, attributes: true, characterData: true });
    for (const el of root.querySelectorAll("*")) if (el.shadowRoot) watch(el.shadowRoot);
  }
  function done() {
    clearTimeout(timer);
    observer.disconnect();
    for (const name of events) removeEventListener(name, done, true);
    resolve();
  }
})
"""

# Resolves with true once nothing came, went or was switched for `quiet_ms` (what only moves does not count), with false
# after `cap_ms`.
WAIT_FOR_QUIET = """
([quiet_ms, cap_ms]) => new Promise((resolve) => {
  let timer = setTimeout(() => done(document.readyState === "complete"), quiet_ms);
  const cap = setTimeout(() => done(false), cap_ms);
  const observer = new MutationObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(() => done(true), quiet_ms);
  });
  watch(document);
  function watch(root) {
    observer.observe(root, { childList: true, subtree: true, attributeFilter: ["hidden", "class", "aria-busy"] });
    for (const el of root.querySelectorAll("*")) if (el.shadowRoot) watch(el.shadowRoot);
  }
  function done(quiet) {
    clearTimeout(timer);
    clearTimeout(cap);
    observer.disconnect();
    resolve(quiet);
  }
})
"""
