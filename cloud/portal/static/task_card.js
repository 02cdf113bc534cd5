// One task: what was asked, how far it is, what the browser showed, how it ended. Kept up to date in place, so that
// nothing jumps under a finger and the keyboard's focus stays where it is.

import { call } from "./api.js";
import { make, when } from "./dom.js";
import { PlanList } from "./plan_list.js";
import { show } from "./viewer.js";

const STATUS = {
  queued: "waiting",
  not_understood: "not understood",
  unknown: "not sure",
  parked: "given up",
};
const RUNNING = new Set(["queued", "running"]);

export class TaskCard {
  #task;
  #frames = [];
  #steps = 0;
  #loaded = false;

  constructor(task) {
    this.#task = { text: "", status: "running", sentence: "", ...task };
    this.title = make("h3");
    this.status = make("span", { class: "status" });
    this.time = make("time");
    this.sentence = make("p", { class: "sentence" });
    this.cards = make("div");
    this.bar = make("progress", { "aria-label": "How far it is", max: 1, value: 0 });
    this.step = make("p", { class: "step" });
    this.plan = new PlanList();
    this.steps = make("ol", { class: "steps" });
    this.film = make("div", { class: "film", role: "group", "aria-label": "What the browser showed" });
    this.wrong = make("p", { class: "wrong", role: "alert" });
    this.cancel = make("button", { type: "button", onclick: () => this.#cancel() }, "Cancel");
    this.ear = make("p", { class: "hint" });
    this.more = make("details", {}, make("summary", {}, "Steps"), this.ear, this.steps, make("a", { href: `/run?id=${encodeURIComponent(task.id)}` }, "All of this run"));
    this.more.ontoggle = () => this.more.open && this.load();
    this.element = make(
      "article",
      { class: "card task" },
      make("header", {}, this.title, this.time, this.status),
      make("div", { class: "running" }, this.bar, this.step),
      this.plan.element,
      this.sentence,
      this.cards,
      this.film,
      this.more,
      this.cancel,
      this.wrong,
    );
    this.#draw();
  }

  get isRunning() {
    return RUNNING.has(this.#task.status);
  }

  /** Reads what happened in this task up to now, once. */
  async load() {
    if (this.#loaded) return;
    this.#loaded = true;
    const { events } = await call(`/api/tasks/${this.#task.id}/events`);
    this.steps.replaceChildren();
    this.cards.replaceChildren();
    this.plan.clear();
    this.film.replaceChildren();
    this.#frames = [];
    this.#steps = 0;
    for (const event of events) this.take(event);
  }

  take({ kind, data }) {
    this.plan.take({ kind, data });
    if (kind === "heard" && !this.#task.text) this.#task.text = data.text;
    if (kind === "heard" && data.spoken) this.ear.textContent = `Heard by ${data.engine}.`;
    if (kind === "corrected") this.#task.text = data.text;
    if (kind === "step_started") this.#addStep(data.words);
    if (kind === "progress") {
      this.#addStep(data.text);
      if (data.of) [this.bar.max, this.bar.value] = [data.of, data.number];
      this.step.textContent = data.of ? `${data.number} of ${data.of} · ${data.text}` : data.text;
    }
    if (kind === "healed") this.#addStep(`The site has changed; found again: ${data.steps.map(({ now }) => now).join(", ")}`);
    if (kind === "card") this.#addCard(data);
    if (kind === "said") this.#task.sentence = data.text;
    if (kind === "frame") this.#addFrame(data.number);
    if (kind === "task_done") Object.assign(this.#task, { status: data.status, sentence: data.sentence });
    this.#draw();
  }

  #addStep(words) {
    if (!words || this.steps.lastElementChild?.textContent === words) return;
    this.#steps += 1;
    this.steps.append(make("li", {}, words));
  }

  /** What the device's screen shows of it as well: what was agreed to, or what had been done when it stopped. */
  #addCard({ title, rows }) {
    if (!rows?.length) return;
    const lines = rows.flatMap(({ label, value }) => [make("dt", {}, label), make("dd", {}, value)]);
    this.cards.append(make("dl", { class: "rows", "aria-label": title }, ...lines));
  }

  #addFrame(number) {
    if (this.#frames.some((frame) => frame.number === number)) return;
    const frame = { number, address: `/api/tasks/${this.#task.id}/frames/${number}` };
    const place = this.#frames.push(frame) - 1;
    const picture = make("img", { src: frame.address, alt: `The browser, picture ${number}`, loading: "lazy" });
    const open = () => show(this.#frames.map((each) => each.address), place, this.#task.text);
    this.film.append(make("button", { type: "button", class: "frame", onclick: open }, picture));
    this.film.scrollLeft = this.film.scrollWidth;
  }

  async #cancel() {
    await call(`/api/tasks/${this.#task.id}/cancel`, "POST", {}).catch((error) => (this.wrong.textContent = error.message));
  }

  #draw() {
    const { text, status, sentence, created } = this.#task;
    this.title.textContent = text || "…";
    this.status.className = `status ${status}`;
    this.status.textContent = STATUS[status] ?? status;
    this.time.textContent = created ? when(created) : "";
    this.sentence.textContent = sentence ?? "";
    this.sentence.hidden = !sentence;
    this.cancel.hidden = !this.isRunning;
    this.element.querySelector(".running").hidden = !this.isRunning;
    this.bar.hidden = !this.bar.value;
    this.film.hidden = !this.#frames.length;
    this.more.hidden = this.#loaded && !this.#steps;
  }
}
