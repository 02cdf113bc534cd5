// The lesson beside the page: what was shown, what becomes of it. Every part is drawn anew only when it changed, and not
// while somebody types into it.

import { byId, make } from "../dom.js";
import { SkillPart } from "./skill.js";
import { Steps } from "./steps.js";

const SETTLE_MS = 700;
const PICKS = { read: "Read this back", wait: "Wait for this", assert: "This must be true" };
const POINT = { read: "Point at what shall be read back.", wait: "Point at what shall be waited for.", assert: "Point at what must be there." };

// "Teach again" of a skill brings its sentence and its name, so that what is saved is its next version.
const again = new URLSearchParams(location.search);

export class Panel {
  constructor(place, send, { say, toPage }) {
    Object.assign(this, { place, send, say, toPage, pictures: new Map(), drawn: new Map(), late: new Map(), lesson: null, run: null });
    const part = (name, label) => make("section", { class: `part ${name}`, "aria-label": label });
    this.parts = { asked: part("asked-part", "A question"), head: part("head", "What is shown"), steps: part("steps-part", "Steps"), skill: part("skill-part", "The skill") };
    place.replaceChildren(...Object.values(this.parts));
    this.steps = new Steps(this);
    this.skill = new SkillPart(this);
    place.addEventListener("focusout", () => setTimeout(() => this.catchUp()));
  }

  /** Saves once, until it is told what came of it. */
  save() {
    if (!this.saving) this.send({ type: "save" });
    this.saving = true;
  }

  /** The page is a task's, not a lesson's. */
  handOver() {
    this.parts.head.replaceChildren(
      make("h2", {}, "This page waits for you"),
      make("p", {}, "Do on it what the task asks for. Then answer the question above, and the task goes on by itself."),
      make("p", { class: "hint" }, "What you type here is neither filmed nor kept."),
    );
  }

  heard(message) {
    if (message.type === "saved" || message.type === "refused") this.saving = false;
    if (message.type === "thumbnail") this.picture(message);
    else if (message.type === "lesson") this.show(message);
    else if (message.type === "run_told") this.ran(message);
    else if (message.type === "question") this.ask(message);
    else if (message.type === "answered") this.answered();
    else if (message.type === "saved") this.saved(message);
  }

  picture({ name, jpeg }) {
    this.pictures.set(name, `data:image/jpeg;base64,${jpeg}`);
    for (const image of this.place.querySelectorAll("img[data-picture]")) if (image.dataset.picture === name) image.src = this.pictures.get(name);
  }

  show(lesson) {
    const before = this.lesson?.steps.length ?? lesson.steps.length;
    this.lesson = lesson;
    this.rename(lesson);
    this.draw("head", [lesson.takes, lesson.recording, lesson.picking, lesson.undoable, lesson.after, lesson.redoing, lesson.running, this.run], () => this.head(lesson));
    this.draw("steps", [lesson.steps, lesson.after, lesson.redoing, lesson.running, lesson.recording, this.run?.step], () => this.steps.draw(lesson));
    this.draw("skill", [lesson.skill, lesson.problem, lesson.steps.length, lesson.running], () => this.skill.draw(lesson));
    byId("room").classList.toggle("picking", !!lesson.picking);
    this.newest(lesson, before);
  }

  /** What was just recorded is said under the page, and seen in the list unless somebody works in it. */
  newest({ steps, recording, after }, before) {
    const place = after ? steps.findIndex((step) => step.id === after) : steps.length - 1;
    byId("latest").textContent = recording && steps[place] ? `Step ${place + 1}: ${steps[place].words}` : "";
    const row = this.parts.steps.querySelectorAll(".step-row")[place];
    if (row && steps.length > before && !this.place.contains(document.activeElement)) this.reveal(row);
  }

  /** Scrolls the panel alone, never the page under somebody's hand. */
  reveal(row) {
    const room = this.place.getBoundingClientRect(), box = row.getBoundingClientRect();
    if (box.bottom > room.bottom) this.place.scrollTop += box.bottom - room.bottom + 8;
    else if (box.top < room.top) this.place.scrollTop -= room.top - box.top + 8;
  }

  rename({ skill }) {
    const name = again.get("skill");
    if (!skill || !name) return;
    again.delete("skill");
    if (skill.name !== name) this.send({ type: "change", edit: { type: "set_description", name } });
  }

  draw(name, of, drawing) {
    const key = JSON.stringify(of), part = this.parts[name];
    if (this.drawn.get(name) === key) return;
    const at = document.activeElement;
    if (part.contains(at) && at.matches("input:not([type=checkbox]),textarea,select")) return this.late.set(name, () => this.draw(name, of, drawing));
    this.late.delete(name);
    this.drawn.set(name, key);
    const focused = part.contains(at) ? at.dataset.key : null;
    const open = new Set([...part.querySelectorAll("details[open]")].map((one) => one.dataset.key));
    part.replaceChildren(...drawing().filter(Boolean));
    for (const one of part.querySelectorAll("details")) one.open = open.has(one.dataset.key);
    if (focused) (part.querySelector(`[data-key="${CSS.escape(focused)}"]`) ?? this.place).focus();
  }

  catchUp() {
    for (const [name, drawing] of [...this.late]) {
      this.late.delete(name);
      drawing();
    }
  }

  button(text, act, is = {}) {
    return make("button", { type: "button", onclick: act, "data-key": is["data-key"] ?? text, ...is }, text);
  }

  // What is shown now, and how.

  head(lesson) {
    if (!lesson.takes.length) return this.beginning("Show it once", "Say what it does, with its values, as you will say it later. Then do it on the page: each step appears here.", "Start");
    if (lesson.running) return this.runningHead(lesson);
    const take = lesson.takes[lesson.takes.length - 1];
    const sentence = make("input", { value: take.sentence, "aria-label": "what it does", "data-key": "sentence" });
    sentence.onchange = () => this.send({ type: "sentence", sentence: sentence.value });
    const record = this.button(lesson.recording ? "Pause" : "Go on recording", () => this.send({ type: "record", on: !lesson.recording }), { class: lesson.recording ? "" : "accent", "data-key": "record" });
    const undo = this.button("Undo", () => this.send({ type: "undo" }), { disabled: !lesson.undoable });
    const light = make("p", { class: `light ${lesson.recording ? "on" : ""}`, role: "status" }, this.doing(lesson, take));
    const picks = Object.entries(PICKS).map(([want, words]) => {
      const on = lesson.picking === want;
      return this.button(words, () => { this.send({ type: "pick", want: on ? null : want }); if (!on) this.toPage(); }, { class: "pick", "aria-pressed": String(on), "data-key": want });
    });
    return [light, sentence, make("div", { class: "answers" }, record, undo, ...this.modes(lesson)),
      make("div", { class: "picks", role: "group", "aria-label": "Point at the page" }, ...picks),
      lesson.takes.length > 1 ? this.takes(lesson) : null];
  }

  doing(lesson, take) {
    if (lesson.picking) return POINT[lesson.picking];
    if (lesson.redoing) return "Do this one step again.";
    if (lesson.after) return "What you do now goes in the middle.";
    return lesson.recording ? (take.steps ? "Recording" : "Recording: go to the page and do it") : "Paused: what you do is not recorded";
  }

  modes(lesson) {
    if (lesson.redoing) return [this.button("Done", () => this.send({ type: "redo", step: "" }), { "data-key": "mode" })];
    if (lesson.after) return [this.button("Back to the end", () => this.send({ type: "insert", after: "" }), { "data-key": "mode" })];
    return [];
  }

  beginning(title, words, go) {
    const sentence = make("input", { id: "teach-sentence", required: true, maxLength: 500, placeholder: "order a large pepperoni pizza", value: again.get("say") ?? "", autocomplete: "off", "data-key": "begin" });
    const form = make("form", {}, make("h2", {}, title), make("p", { class: "hint" }, words), make("label", { class: "quiet", htmlFor: "teach-sentence" }, "What it does"), sentence, make("div", { class: "answers" }, make("button", { class: "accent" }, go)));
    form.onsubmit = (event) => { event.preventDefault(); sentence.blur(); this.send({ type: "begin", sentence: sentence.value }); this.toPage(); };
    return [form];
  }

  takes(lesson) {
    const one = (take, number) => make("li", {}, `“${take.sentence}”, ${take.steps} steps `, this.button("Forget", () => this.send({ type: "forget", take: number }), { class: "plain small", "aria-label": `forget “${take.sentence}”`, "data-key": `forget ${number}` }));
    return make("details", { "data-key": "takes" }, make("summary", {}, `Shown ${lesson.takes.length} times`), make("ol", { class: "takes" }, ...lesson.takes.map(one)));
  }

  // Runs, and what they ask.

  runningHead(lesson) {
    const ended = this.run?.kind === "ended";
    const words = !this.run ? "Starting…" : ended ? this.run.words : `${this.run.words}…`;
    const whole = lesson.running === "all";
    return [make("h2", {}, whole ? "Trying it" : "Doing it up to there"), make("p", { role: "status", class: ended ? `ended ${this.run.outcome}` : "" }, words),
      make("div", { class: "answers" }, this.button(ended ? "Back to the lesson" : "Stop", () => this.send({ type: "stop" }), { class: ended ? "accent" : "", "data-key": "stop" }))];
  }

  ran(told) {
    this.run = told;
    if (told.kind === "ended" && this.lesson && this.lesson.running !== "all") this.say(told.words);
    if (this.lesson) this.show(this.lesson);
  }

  ask({ digest, text, rows }) {
    const yes = this.button("Yes, do it", () => this.send({ type: "agree", digest, yes: true }), { class: "yes", disabled: true });
    const no = this.button("No", () => this.send({ type: "agree", digest, yes: false }));
    const list = make("dl", { class: "rows" }, ...rows.flatMap(([label, value]) => [make("dt", {}, label), make("dd", {}, value)]));
    this.parts.asked.replaceChildren(make("div", { class: "card ask" }, make("h2", {}, text), list, make("div", { class: "answers" }, yes, no)));
    setTimeout(() => (yes.disabled = false), SETTLE_MS);
    no.focus();
    this.parts.asked.scrollIntoView({ block: "nearest" });
  }

  answered() {
    this.parts.asked.replaceChildren();
  }

  saved({ name, version, example }) {
    const card = make("div", { class: "card saved", role: "status" }, make("h2", {}, "Saved"), make("p", {}, `“${example}” can be said from now on.`),
      make("p", { class: "hint" }, `${name}, version ${version}. `, make("a", { href: "/skills" }, "All skills")));
    this.parts.asked.replaceChildren(card);
    card.scrollIntoView({ block: "nearest" });
  }
}
