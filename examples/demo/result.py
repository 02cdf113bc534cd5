"""What a run came to, as JSON: everything in it was measured or read back, nothing is assumed."""

from __future__ import annotations

from typing import Any

from examples.demo.run import Run


def result_of(run: Run) -> dict[str, Any]:
    """The object that stands in result.json."""
    heard = first(run.of("heard"))
    transcript = _final_transcript(run) or str(heard.get("text", ""))
    planned = run.of("planned")
    said = run.of("said")
    done = [event["sentence"] for event in run.of("task_done")]
    return {
        "utterance": run.request.text,
        "typed": run.request.typed,
        "transcript": transcript,
        "corrected": str(first(run.of("corrected")).get("text", "") or transcript),
        "goal": {
            "intents": [{"tool": intent["tool"], "values": intent["values"]} for intent in _intents(run)],
            "done": run.is_done,
        },
        "steps": [step | _end_of(run, step["number"]) for plan in planned for step in plan["steps"]],
        "questions": run.questions,
        "approval": run.approvals[0] if run.approvals else None,
        "ledger": run.ledger,
        "reply": str((done or [line["text"] for line in said] or [""])[-1]) or str(last(said).get("text", "")),
        "engines": run.engines | ({"stt": heard["engine"]} if heard.get("engine") else {}),
        "timings_ms": timings_of(run),
    }


def timings_of(run: Run) -> dict[str, float]:
    """Milliseconds: on the device's clock from the release of the button, on the cloud's from hearing to the end."""
    released = _at(run, "released")
    found: dict[str, float | None] = {
        "release_to_transcript": _since(released, _at_transcript(run)),
        "release_to_committed": _since(released, _at(run, "committed")),
        "release_to_first_audio": _since(released, _at(run, "first_audio", after=released)),
    }
    times = {event.kind: event.at for event in reversed(run.events)}
    ends = {event.kind: event.at for event in run.events}
    if "heard" in times and "task_done" in ends:
        task, waited = (ends["task_done"] - times["heard"]) * 1000, _waited(run)
        found |= {"task": task, "waited_for_person": waited, "work": task - waited}
    for name, kind in (("heard_to_planned", "planned"), ("heard_to_asked", "asked")):
        if kind in times and "heard" in times:
            found[name] = (times[kind] - times["heard"]) * 1000
    return {name: round(value, 1) for name, value in found.items() if value is not None}


def first(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return rows[0] if rows else {}


def last(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return rows[-1] if rows else {}


def _intents(run: Run) -> list[dict[str, Any]]:
    steps = [step for plan in run.of("planned") for step in plan["steps"]]
    if steps:
        return [{"tool": step["tool"], "values": step["arguments"]} for step in steps]
    return [intent for event in run.of("understood") for intent in event["intents"]]


def _end_of(run: Run, number: int) -> dict[str, Any]:
    ended = next((end for end in run.of("step_done") if end["number"] == number), {})
    actions = [progress["text"] for progress in run.of("progress")]
    return {"status": ended.get("status", "not done"), "sentence": ended.get("sentence", ""), "actions": actions}


def _waited(run: Run) -> float:
    asked = {event.data["ask"]: event.at for event in run.events if event.kind == "asked"}
    closed = {event.data["ask"]: event.at for event in run.events if event.kind == "ask_closed"}
    return sum((closed[ask] - asked[ask]) * 1000 for ask in closed if ask in asked)


def _final_transcript(run: Run) -> str:
    finals = [line for line in run.journal if line.get("type") == "transcript" and line.get("final")]
    return str(finals[0]["text"]) if finals else ""


def _at_transcript(run: Run) -> float | None:
    return next((line["at_ms"] for line in run.journal if line.get("type") == "transcript" and line.get("final")), None)


def _at(run: Run, event: str, *, after: float | None = 0) -> float | None:
    since = after or 0
    return next((line["at_ms"] for line in run.journal if line["event"] == event and line["at_ms"] >= since), None)


def _since(began: float | None, ended: float | None) -> float | None:
    return None if began is None or ended is None else ended - began
