"""What the commands of `leveret history` show to a person. A trace may be anybody's: what could move a terminal's
cursor or colour its text is taken out of every line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cloud.history.story import Asked, Part, RunStory, Verdict

_DECISION = {"go": "let go", "ask": "asked first", "refuse": "refused"}
_STYLE = {"done": "green", "failed": "red", "refused": "red", "unknown": "yellow"}


class Telling:
    """Prints to a console; times in `zone`."""

    def __init__(self, out: Console, zone: ZoneInfo) -> None:
        self._out = out
        self.zone = zone

    def say(self, words: str, style: str = "") -> None:
        """One line, as it stands."""
        self._out.print(plain(words), style=style or None, highlight=False, markup=False, soft_wrap=True)

    def runs(self, found: dict[str, Any]) -> None:
        """A list of runs, those that are being done first."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in ("run", "when", "what", "how it ended", "took", "by"):
            table.add_column(column, overflow="fold")
        for one in found.get("under_way", ()):
            self._row(table, one, one["now"] or one["status"], "")
        for one in found["runs"]:
            self._row(table, one, one["status"].replace("_", " "), lasted((one["ended"] - one["began"]) * 1000))
        self._out.print(table)

    def _row(self, table: Table, one: dict[str, Any], ended: str, took: str) -> None:
        what = one["text"] or one["words"] or one["tool"]
        row = (one["task"], self.when(one["began"]), what, ended, took, one["device"] or one["began_by"])
        table.add_row(*(escape(plain(cell)) for cell in row), style=_STYLE.get(one["status"]))

    def story(self, story: RunStory) -> None:
        """A run, in the order in which it happened."""
        self.say(story.text or story.tool or story.run, "bold")
        took = f", {lasted(story.took_ms)}" if story.ended is not None else ""
        self.say(f"{self.when(story.began)}, {story.status.replace('_', ' ')}{took}", _STYLE.get(story.status, ""))
        if story.sentence:
            self.say(f"“{story.sentence}”")
        for at, line, style in sorted(_lines(story), key=lambda one: one[0]):
            self.say(f"  +{lasted(max(at - story.began, 0.0) * 1000):>8}  {line}", style)
        for label, text in _facts(story):
            if text:
                self.say(f"{label}: {text}", "dim")

    def when(self, seconds: float) -> str:
        """A moment in the person's zone."""
        return f"{datetime.fromtimestamp(seconds, self.zone):%Y-%m-%d %H:%M:%S}"


def plain(text: str) -> str:
    """A line of text and nothing else."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def lasted(ms: float) -> str:
    """"0.4 s", "12 s", "3 min 5 s"."""  # fmt: skip
    if ms < 9_950:
        return f"{ms / 1000:.1f} s"
    seconds = round(ms / 1000)
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min {seconds % 60} s"


def _lines(story: RunStory) -> Iterator[tuple[float, str, str]]:
    """When, what, and in which style."""
    for part in story.parts:
        yield from _of_part(story, part)
    for asked in story.asks:
        yield asked.at, f"asked: {asked.text}", "yellow"
        for label, value, who in asked.rows:
            yield asked.at, f"    {label}{', the site said' if who == 'site' else ''}: {value}", ""
        yield asked.answered or asked.at, f"    {_answer(asked)}", "yellow"
    for act in story.acts:
        yield act.at, f"cannot be undone: {act.words}; {act.result.replace('_', ' ') or 'not known yet'}", "magenta"
        for text in act.evidence:
            yield act.at, f"    the site showed: {text}", ""
    for healing in story.healings:
        yield healing.at, f"found again: “{healing.now}”, {healing.score:.0%} alike", "cyan"
    asks = {asked.text for asked in story.asks}
    for said in story.said:
        if said.text not in asks:
            yield said.at, f"said: “{said.text}”", ""


def _of_part(story: RunStory, part: Part) -> Iterator[tuple[float, str, str]]:
    began = part.began or story.began
    version = f", version {part.version}" if part.version else ""
    yield began, f"{part.words} ({part.tool}{version})", "bold"
    for verdict in part.verdicts:
        if not verdict.act:
            yield began, f"    {_judged(verdict)}", ""
    for did in part.did:
        ended = "" if did.ended == "done" else f", {did.ended}"
        alike = f", {did.similarity:.0%} alike" if did.similarity is not None else ""
        yield did.at, f"{did.words} ({lasted(did.took_ms)}{alike}{ended})", "" if did.ended == "done" else "red"
        for verdict in did.verdicts:
            if verdict.decision != "go":
                yield did.at, f"    {_judged(verdict)}", ""
    if part.ended is not None:
        yield part.ended, f"{part.status.replace('_', ' ')} {part.code}".strip(), _STYLE.get(part.status, "")


def _judged(verdict: Verdict) -> str:
    return f"{_DECISION[verdict.decision]} by {verdict.rule}: {verdict.reason or verdict.words}"


def _answer(asked: Asked) -> str:
    if not asked.outcome:
        return "it waits for an answer"
    where = f" on {asked.surface}" if asked.surface else ""
    given = asked.answer if asked.outcome == "chosen" else asked.outcome
    return f"answer: {given}{where}"


def _facts(story: RunStory) -> Iterator[tuple[str, str]]:
    yield "Begun by", story.device or story.by
    yield "Schedule", story.schedule_words or story.schedule
    yield "Heard", f"“{story.heard}” by {story.engine}" if story.spoken else ""
    yield "Sites", ", ".join(story.sites)
    yield "Begun again after a crash", f"{story.attempts - 1} times" if story.attempts > 1 else ""
    yield "Pictures", str(len([one for one in story.pictures if one.kept]) or "")
    for part in story.parts:
        for name, text in part.read.items():
            yield f"Read, {name}", text
        for name, size in part.files:
            yield "Downloaded", f"{name}, {size} bytes"
