// What a task is going to do, step by step: what is done only in place of something else, what it goes over one by one,
// and how far each of them is. A plan of one step needs no list.

import { make } from "./dom.js";

// An item of the step 2 has the number 2001, 2002, … (cloud/lam/rounds.py).
const PLACES = 1000;
const ENDS = { done: "done", failed: "failed", refused: "refused", cancelled: "left", unknown: "not sure", left: "left out" };

export class PlanList {
  #steps = new Map();

  constructor() {
    this.list = make("ol", { class: "plan" });
    this.element = make("section", { hidden: true, "aria-label": "What it does" }, this.list);
  }

  clear() {
    this.#steps.clear();
    this.list.replaceChildren();
    this.element.hidden = true;
  }

  take({ kind, data }) {
    if (kind === "planned") this.#plan(data.steps);
    if (kind === "listed") this.#items(data.number, data.items);
    if (kind === "step_started") this.#mark(data.number, "now");
    if (kind === "step_done") this.#mark(data.number, data.status);
    if (kind === "step_skipped") this.#mark(data.number, "left", data.why);
  }

  #plan(steps) {
    this.clear();
    for (const { number, line, words, each } of steps) {
      const sentence = line || words;
      this.list.append(this.#row(number, sentence.charAt(0).toUpperCase() + sentence.slice(1)));
      if (each) this.element.hidden = false;
    }
    if (steps.length > 1) this.element.hidden = false;
  }

  #items(number, items) {
    const step = this.#steps.get(number);
    if (!step || step.items) return;
    const rows = items.map((item, place) => this.#row(number * PLACES + place + 1, item));
    step.items = make("ol", {}, ...rows);
    step.row.append(step.items);
  }

  #row(number, words) {
    const state = make("span", { class: "came" });
    const row = make("li", {}, make("span", {}, words), " ", state);
    this.#steps.set(number, { row, state });
    return row;
  }

  #mark(number, status, why = "") {
    const step = this.#steps.get(number);
    if (!step) return;
    const now = status === "now";
    if (now) step.row.setAttribute("aria-current", "step");
    else step.row.removeAttribute("aria-current");
    step.state.className = `came ${now ? "queued" : status}`;
    step.state.textContent = now ? "now" : [ENDS[status] ?? status, why].filter(Boolean).join(": ");
  }
}
