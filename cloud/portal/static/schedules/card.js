// One schedule: its times, what may be done with it, and what became of it.

import { call } from "../api.js";
import { make, when } from "../dom.js";
import { TINTS } from "./calendar.js";

const BECAME = { due: "begins", waiting: "waits for the run before it", started: "begun", missed: "missed", skipped: "left out", overlapped: "left out: another run went on" };

/** A card. `changed` is called after each change, `wrong` with what went wrong, `edit` to change it in the form. */
export function card(one, number, { changed, wrong, edit }) {
  const at = `/api/schedules/${encodeURIComponent(one.id)}`;
  const attempt = (action) => async () => {
    wrong("");
    try {
      await action();
      await changed();
    } catch (error) {
      wrong(error.message);
    }
  };
  const button = (text, action, told = text) => make("button", { type: "button", "aria-label": `${told}: ${one.name}`, onclick: attempt(action) }, text);
  const buttons = make(
    "div",
    { class: "answers" },
    button("Run now", () => call(`${at}/run`, "POST", {})),
    one.paused ? button("Resume", () => call(`${at}/resume`, "POST", {})) : button("Pause", () => call(`${at}/pause`, "POST", {})),
    one.next.length ? button("Skip the next", () => call(`${at}/skip`, "POST", {})) : "",
    make("button", { type: "button", "aria-label": `Change: ${one.name}`, onclick: () => edit(one) }, "Change"),
    make("button", { type: "button", class: "plain", "aria-label": `Remove: ${one.name}`, onclick: (event) => removed(one, at, event.target.closest("li"), attempt, wrong) }, "Remove"),
  );
  const next = one.paused ? "Paused." : one.next.length ? `Next ${one.next[0].words}.` : "It is over.";
  const zone = one.zone ? ` By the clock in ${one.zone}.` : "";
  return make(
    "li",
    { class: `card schedule${one.paused ? " resting" : ""}` },
    make("h3", {}, make("span", { class: `tint tint-${number % TINTS}`, "aria-hidden": "true" }), one.name),
    make("p", { class: "when" }, `${one.when[0].toUpperCase()}${one.when.slice(1)}.`),
    make("p", { class: "hint" }, `${next}${zone}${one.effect === "irreversible" ? " It asks each time." : ""}`),
    skips(one, at, attempt),
    buttons,
    history(one, at, wrong),
  );
}

/** What is left out, each with a way back. */
function skips(one, at, attempt) {
  if (!one.skips.length) return "";
  const items = one.skips.map((each) => {
    const back = attempt(() => call(`${at}/skip`, "POST", { due_at: [each.at], back: true }));
    return make("li", {}, make("span", { class: "out" }, each.words), " ", make("button", { type: "button", class: "plain", "aria-label": `Do it ${each.words} after all`, onclick: back }, "Do it after all"));
  });
  return make("ul", { class: "times" }, ...items);
}

/** Removes it; its place offers to bring it back. */
async function removed(one, at, place, attempt, wrong) {
  wrong("");
  try {
    await call(at, "DELETE");
  } catch (error) {
    wrong(error.message);
    return;
  }
  const undo = make("button", { type: "button", onclick: attempt(() => call(`${at}/restore`, "POST", {})) }, "Undo");
  place.replaceChildren(make("p", { role: "status" }, `“${one.name}” is removed.`), make("div", { class: "answers" }, undo));
  undo.focus();
}

/** What became of it, read when it is opened. */
function history(one, at, wrong) {
  const list = make("ul", { class: "past-runs" });
  const shown = make("details", {}, make("summary", {}, "What became of it"), list);
  shown.ontoggle = async () => {
    if (!shown.open) return;
    try {
      const { history } = await call(at);
      list.replaceChildren(...(history.length ? history.map(run) : [make("li", { class: "hint" }, "It was not due yet.")]));
    } catch (error) {
      wrong(error.message);
    }
  };
  return shown;
}

function run(past) {
  const words = past.sentence || BECAME[past.status] || past.status;
  const told = past.task ? make("a", { href: `/run?id=${encodeURIComponent(past.task)}` }, words) : words;
  return make("li", {}, make("time", {}, when(past.due_at) + (past.by_hand ? ", by hand" : "")), make("span", {}, told));
}
