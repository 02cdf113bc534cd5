// The button on Home: hold it by mouse, touch or the space bar, and speak; what was heard and what is answered.

import { Handheld } from "./handheld/handheld.js";
import { missing } from "./handheld/microphone.js";
import { byId, icon, make } from "./dom.js";

const HOLD_MS = 250; // a shorter press is a click: it silences
const STATES = {
  idle: matchMedia("(hover: none)").matches ? "Hold the button and speak." : "Hold the button, or the space bar, and speak.",
  opening: "One moment …",
  listening: "I am listening. Let go when you are done.",
  thinking: "Thinking …",
};

export class Talk {
  #button = byId("talk");
  #pressedAt = 0;
  #turn = 0;

  /** `openAsk()` names the question that is open, or "". */
  constructor(openAsk) {
    this.openAsk = openAsk;
    this.handheld = new Handheld((event) => this.#take(event));
    this.#listenTo();
    if (missing()) this.#trouble(missing());
    else this.#state("idle");
  }

  /** Connects when this browser speaks to the cloud already. */
  wake() {
    return this.handheld.wake();
  }

  #listenTo() {
    const button = this.#button;
    button.onpointerdown = (event) => {
      if (event.button) return;
      button.setPointerCapture(event.pointerId);
      this.#press();
    };
    button.onpointerup = button.onpointercancel = () => this.#release();
    button.oncontextmenu = (event) => event.preventDefault();
    button.onblur = () => this.#release();
    // Enter, or a screen reader's click: the first begins, the next ends.
    button.onclick = ({ detail }) => {
      if (!detail) this.#pressedAt ? this.#release() : this.#press();
    };
    addEventListener("blur", () => this.#release());
    document.addEventListener("keydown", (event) => {
      if (event.key !== " " || !this.#isForUs(event)) return;
      event.preventDefault();
      if (!event.repeat) this.#press();
    });
    document.addEventListener("keyup", (event) => {
      if (event.key !== " " || !this.#pressedAt) return;
      event.preventDefault();
      this.#release();
    });
  }

  /** The space bar is ours unless it means something where the focus is. */
  #isForUs({ target }) {
    return target === this.#button || target === document.body || target === byId("main");
  }

  #press() {
    if (this.#pressedAt) return;
    this.#pressedAt = performance.now();
    this.#button.dataset.heard = 0;
    byId("heard").textContent = byId("reply").textContent = "";
    this.handheld.press(this.openAsk());
  }

  #release() {
    if (!this.#pressedAt) return;
    const held = performance.now() - this.#pressedAt;
    this.#pressedAt = 0;
    this.handheld.release();
    if (held < HOLD_MS) this.#state("idle");
  }

  #state(mode, words = STATES[mode]) {
    this.#button.dataset.state = mode;
    this.#button.style.setProperty("--level", 0);
    byId("talk-state").textContent = words;
  }

  #trouble(sentence) {
    this.#state("off", sentence);
  }

  #take(event) {
    switch (event.type) {
      case "mode":
        return this.#state(event.mode);
      case "level":
        this.#button.style.setProperty("--level", event.level.toFixed(2));
        this.#button.dataset.heard = Math.round(event.heard_ms);
        return;
      case "trouble":
        return this.#trouble(event.sentence);
      case "socket":
        if (!event.open && this.#button.dataset.state === "thinking") this.#state("thinking", event.sentence);
        return;
      case "transcript":
        if (event.turn >= this.#turn) byId("heard").textContent = event.text;
        this.#turn = Math.max(this.#turn, event.turn);
        return;
      case "understood":
        byId("heard").textContent = event.text;
        return;
      case "say_start":
        byId("reply").textContent = event.text ?? "";
        return;
      case "error":
        byId("reply").textContent = event.sentence;
        return;
      case "turn_lost":
        byId("reply").textContent = "I lost what you said. Please say it again.";
        return this.#state("idle");
      case "turn_done":
        if (event.sentence) byId("reply").textContent = event.sentence;
        if (!this.#pressedAt) this.#state("idle");
        return;
    }
  }
}

/** Cards of timers and alarms that ring, from the events that every page gets. */
export class Bells {
  #cards = new Map();

  constructor(place, stop) {
    this.place = place;
    this.stop = stop;
  }

  take({ kind, data }) {
    if (kind === "ring" && !this.#cards.has(data.timer)) this.#add(data);
    if (kind === "ring_stopped") this.#remove(data.timer);
  }

  #add({ timer, label }) {
    const button = make("button", { type: "button", class: "accent", onclick: () => this.stop(timer) }, "Stop");
    const card = make("div", { class: "card row bell", role: "alert" }, icon("bell"), make("strong", {}, label || "Timer"), button);
    this.#cards.set(timer, card);
    this.place.append(card);
  }

  #remove(timer) {
    this.#cards.get(timer)?.remove();
    this.#cards.delete(timer);
  }
}
