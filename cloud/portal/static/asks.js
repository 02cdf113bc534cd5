// Questions that wait for an answer, on every page. As on the device, a press counts only once its question has stood
// still for a moment; what cannot be undone is agreed to by pressing its button and in no other way.

import { call, cloudNow } from "./api.js";
import { make } from "./dom.js";
import { show } from "./viewer.js";

const SETTLE_MS = 700;

export class Asks {
  #place;
  #cards = new Map(); // id -> { ask, card }
  #notice = make("button", { type: "button", class: "waiting accent", hidden: true }, "A question waits for you");
  #title = document.title;
  #frames = new Map(); // task -> address of what its browser showed last

  constructor(place) {
    this.#place = place;
    this.#notice.onclick = () => {
      place.scrollIntoView({ block: "start" });
      place.querySelector("h2")?.focus({ preventScroll: true });
    };
    document.body.append(this.#notice);
    new IntersectionObserver(([{ isIntersecting }]) => this.#tell(!isIntersecting)).observe(place);
    setInterval(() => this.#count(), 1000);
  }

  /** The question that words now said or typed may answer, or "". */
  get open() {
    return [...this.#cards.keys()].at(-1) ?? "";
  }

  async load() {
    const { asks } = await call("/api/asks");
    for (const id of [...this.#cards.keys()]) this.#remove(id);
    for (const ask of asks) this.#add(ask);
  }

  take(event) {
    if (event.kind === "frame") this.#frames.set(event.task, `/api/tasks/${event.task}/frames/${event.data.number}`);
    if (event.kind === "task_done") this.#frames.delete(event.task);
    if (event.kind === "asked") this.#add({ ...event.data, task: event.task });
    if (event.kind === "ask_closed") this.#remove(event.data.ask);
  }

  #add(ask) {
    this.#cards.get(ask.ask)?.card.remove();
    const card = this.#draw(ask);
    this.#cards.set(ask.ask, { ask, card });
    this.#place.append(card);
    this.#count();
    this.#settle();
    this.#tell();
  }

  #remove(id) {
    const card = this.#cards.get(id)?.card;
    const had = card?.contains(document.activeElement);
    card?.remove();
    if (this.#cards.delete(id)) this.#settle();
    if (had) (this.#place.querySelector("h2") ?? document.getElementById("main")).focus({ preventScroll: true });
    this.#tell();
  }

  /** Says that there are questions in the window's title, and on the page when none of them is in sight. */
  #tell(away = this.away) {
    this.away = away;
    const many = this.#cards.size;
    document.title = many ? `(${many}) ${this.#title}` : this.#title;
    this.#notice.hidden = !many || !away;
  }

  /** How long each question still waits, for the eyes only: a screen reader would read every second. */
  #count() {
    for (const { ask, card } of this.#cards.values()) {
      const left = Math.max(0, Math.floor(ask.expires_at - cloudNow()));
      card.querySelector(".left").textContent = ask.expires_at ? `${left} s` : "";
    }
  }

  /** Whatever moved the questions, no press that was meant for something else answers one of them. */
  #settle() {
    const buttons = [...this.#place.querySelectorAll("button.settles")];
    for (const button of buttons) {
      button.disabled = true;
      clearTimeout(button.settling);
      button.settling = setTimeout(() => (button.disabled = false), SETTLE_MS);
    }
  }

  #draw(ask) {
    const wrong = make("p", { class: "wrong", role: "alert" });
    const give = (answer) =>
      call(`/api/asks/${ask.ask}`, "POST", { digest: ask.digest, answer }).catch((error) => (wrong.textContent = error.message));
    const button = (words, value, cls) => make("button", { type: "button", class: cls, onclick: () => give(value) }, words);
    const rows = make("dl", { class: "rows" });
    for (const [label, value, source] of (ask.rows ?? []).map(row)) {
      rows.append(make("dt", {}, source === "site" ? `${label}, the site says` : label), make("dd", {}, value));
    }
    const answers = make("div", { class: "answers" });
    const isHere = new URLSearchParams(location.search).get("task") === ask.task;
    if (ask.live && !isHere) answers.append(make("a", { class: "button accent", href: `/studio?task=${ask.task}`, target: "_blank" }, "Open the page"));
    if (ask.kind === "irreversible") answers.append(button("Yes, do it", "yes", "yes settles"));
    for (const choice of ask.choices ?? []) answers.append(button(choice.text, choice.value, "settles"));
    if (ask.kind === "slot" && !(ask.choices ?? []).length) answers.append(this.#words(ask, wrong));
    answers.append(button("No", "no", "settles"));
    const left = make("span", { class: "left", "aria-hidden": "true" });
    const heading = make("header", {}, make("h2", { tabIndex: -1 }, ask.text), left);
    return make("article", { class: ask.trial ? "card ask trial" : "card ask" }, heading, this.#page(ask), rows.childElementCount ? rows : null, answers, wrong);
  }

  /** The page that the question is about, when it asks to choose. */
  #page({ task, text, choices }) {
    const address = this.#frames.get(task);
    if (!address || !choices?.length) return null;
    const picture = make("img", { src: address, alt: "The page, as the browser showed it last" });
    return make("button", { type: "button", class: "frame", onclick: () => show([address], 0, text) }, picture);
  }

  /** A field for an answer in words. */
  #words(ask, wrong) {
    const input = make("input", { maxLength: 4000, required: true, autocomplete: "off", "aria-label": ask.text });
    const form = make("form", { class: "line" }, input, make("button", { class: "accent" }, "Answer"));
    form.onsubmit = (event) => {
      event.preventDefault();
      call("/api/say", "POST", { text: input.value.trim(), ask: ask.ask }).catch((error) => (wrong.textContent = error.message));
    };
    return form;
  }
}

/** A line of details as [label, value, who says so]. */
function row(given) {
  return Array.isArray(given) ? given : [given.label, given.value, given.source];
}
