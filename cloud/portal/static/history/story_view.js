// A run's story on a page: how it began, what the browser showed, and what came after what. What is shown may be somebody
// else's: all of it goes in as text, nothing is a link, nothing can be done from it but what `actions` holds.

import { make } from "../dom.js";
import { show } from "../viewer.js";
import { Film } from "./film.js";
import { begun, lasted, moment, named, size, STATUS } from "./words.js";

const RESULT = { done: "It went through.", failed: "It did not work.", unknown: "Nobody could tell whether it went through.", not_acted: "It was not done after all." };
const OUTCOME = { yes: "yes", no: "no", chosen: "chosen", expired: "no answer came in time", cancelled: "it was stopped", superseded: "it was asked again" };
const DECISION = { go: "Let go", ask: "Asked first", refuse: "Refused" };
const ENDED = { failed: "did not work", cut: "was cut off" };

export class StoryView {
  /** `picture(number)` and `healed(name)` are addresses of pictures, null for one that there is not; `level` is that of
   * its title. */
  constructor({ picture, healed, level = 1 }) {
    this.level = level;
    this.picture = picture;
    this.healed = healed;
    this.film = new Film(picture);
    this.head = make("header", { class: "run-head" });
    this.actions = make("div", { class: "answers" });
    this.sentence = make("p", { class: "run-sentence" });
    this.now = make("p", { class: "step", role: "status" });
    this.facts = make("dl", { class: "rows facts" });
    this.line = make("ol", { class: "timeline" });
    this.element = make(
      "article",
      { class: "run" },
      this.head,
      this.sentence,
      this.now,
      this.actions,
      this.film.element,
      make("section", { "aria-label": "What happened" }, make(`h${level + 1}`, {}, "What happened"), this.line),
      make("section", { "aria-label": "About this run" }, make(`h${level + 1}`, {}, "About this run"), this.facts),
    );
  }

  show(story) {
    this.story = story;
    const had = this.element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const opened = new Set([...this.line.querySelectorAll("details[open]")].map((one) => one.dataset.key));
    this.head.replaceChildren(
      make(`h${this.level}`, {}, story.text || named(story.parts?.[0]?.tool ?? "run")),
      make("p", { class: "hint" }, `${moment(story.began)} · `, make("span", { class: `status ${story.status}` }, STATUS[story.status] ?? story.status), story.ended === undefined ? "" : ` · ${lasted(story.took_ms)}`),
    );
    this.sentence.textContent = story.sentence ?? "";
    this.now.textContent = story.now ?? "";
    this.film.show(story);
    const entries = entriesOf(story).sort((one, other) => one.at - other.at);
    this.line.replaceChildren(...entries.map((entry, place) => this.#entry(entry, place, opened)));
    this.facts.replaceChildren(...this.#facts());
    if (had) this.element.querySelector(`[data-key="${CSS.escape(had)}"]`)?.focus();
  }

  #facts() {
    const { story } = this;
    const parts = story.parts ?? [];
    const facts = [
      ["Begun", begun(story.by ?? "device", story.device, story.devices)],
      ["Schedule", story.schedule_words || story.schedule],
      ["Said", story.heard && story.heard !== story.text ? `“${story.heard}”` : ""],
      ["Heard by", story.spoken ? story.engine : ""],
      ["Skill", parts.filter((part) => part.tool).map((part) => (part.version ? `${part.tool}, version ${part.version}` : part.tool)).join("; ")],
      ["Sites", (story.sites ?? []).join(", ")],
      ["Waited for you", lasted(parts.reduce((sum, part) => sum + (part.waited_ms ?? 0), 0))],
      ["Begun again after a crash", story.attempts > 1 ? `${story.attempts - 1} times` : ""],
      ["Downloaded", parts.flatMap((part) => part.files ?? []).map(([name, bytes]) => `${name} (${size(bytes)})`).join(", ")],
      ["Changed, and can be undone", (story.changed ?? []).join("; ")],
    ];
    for (const part of parts) for (const [name, text] of Object.entries(part.read ?? {})) facts.push([`Read: ${named(name)}`, text]);
    return facts.filter(([, value]) => value && value !== "0.0 s").flatMap(([label, value]) => [make("dt", {}, label), make("dd", {}, value)]);
  }

  #entry(entry, place, opened) {
    const item = make("li", { class: `entry at-${entry.kind}` });
    const key = `${entry.kind}-${place}`;
    item.append(make("time", {}, `+${lasted((entry.at - this.story.began) * 1000)}`), DRAW[entry.kind].call(this, entry, key, opened));
    return item;
  }

  /** A step, with a bar that shows when in the run it was, and how long. */
  step({ did, at }, key, opened) {
    const { began, ended } = this.story;
    const whole = Math.max((ended ?? Date.now() / 1000) - began, 0.001);
    const bar = make("span", { class: "bar", "aria-hidden": "true" });
    const fill = bar.appendChild(make("span"));
    fill.style.marginLeft = `${clamp(((at - began) / whole) * 100, 0, 99)}%`;
    fill.style.width = `${clamp(((did.took_ms ?? 0) / 1000 / whole) * 100, 0.7, 100)}%`;
    const words = did.rounds ? `${did.words} (${did.round} of ${did.rounds})` : did.words;
    const ended_ = ENDED[did.ended] ? make("span", { class: "status failed" }, ENDED[did.ended]) : null;
    const title = make("button", { type: "button", class: "plain to-picture", "data-key": key, title: "Show the picture of this moment", onclick: () => this.film.at(at) }, words);
    const more = [];
    if (did.element) more.push(`On “${did.element}”${did.similarity === undefined ? "" : `, ${Math.round(did.similarity * 100)} % as it was taught`}.`);
    if (did.value) more.push(`Typed or chosen: “${did.value}”.`);
    if (did.site) more.push(`On ${did.site}.`);
    const inner = make("div", {}, ...more.map((text) => make("p", { class: "hint" }, text)), ...(did.verdicts ?? []).map(verdict));
    const details = inner.childElementCount ? make("details", { "data-key": `${key}-more`, open: opened.has(`${key}-more`) }, make("summary", { "data-key": `${key}-sum` }, `${lasted(did.took_ms ?? 0)}, details`), inner) : null;
    return make("div", { class: "step-line" }, make("p", { class: "step-words" }, title, ended_), bar, details);
  }

  part({ part }) {
    const values = Object.entries(part.values ?? {}).map(([name, value]) => `${name.replaceAll("_", " ")}: ${Array.isArray(value) ? value.join(", ") : value}`);
    return make("div", {}, make("p", {}, make("strong", {}, part.words || named(part.tool))), values.length ? make("p", { class: "hint" }, values.join(" · ")) : null, ...(part.verdicts ?? []).filter((one) => !one.act).map(verdict));
  }

  ask({ asked }) {
    const rows = (asked.rows ?? []).flatMap(([label, value, who]) => [make("dt", {}, who === "site" ? `${label}, the site said` : label), make("dd", {}, value)]);
    const where = asked.surface ? ` ${surface(asked.surface, this.story)}` : "";
    const answered = asked.answered === undefined ? "" : `, after ${lasted((asked.answered - asked.at) * 1000)}`;
    const given = asked.kind === "irreversible" ? "" : asked.answer && !["yes", "no"].includes(asked.answer) ? `“${asked.answer}”, ` : "";
    const outcome = asked.outcome ? `${given}${OUTCOME[asked.outcome] ?? asked.outcome}${where}${answered}` : "It waits for an answer.";
    const digest = asked.digest ? make("details", {}, make("summary", {}, "What the answer was bound to"), make("p", { class: "hint" }, "SHA-256 of exactly what would happen:"), make("code", { class: "digest" }, asked.digest)) : null;
    return make("div", { class: "card asked" }, make("p", {}, make("strong", {}, asked.text)), rows.length ? make("dl", { class: "rows" }, ...rows) : null, (asked.choices ?? []).length ? make("p", { class: "hint" }, `Offered: ${asked.choices.join(", ")}`) : null, make("p", { class: "answer-given" }, `Answer: ${outcome}`), digest);
  }

  act({ act }) {
    const evidence = (act.evidence ?? []).map((text) => make("p", { class: "hint" }, `The site showed: ${text}`));
    return make("div", { class: "card acted" }, make("p", {}, make("strong", {}, "Done, and cannot be undone: "), act.words), make("p", {}, RESULT[act.result] ?? "Its result is not known yet."), ...evidence);
  }

  healing({ healing }) {
    const words = healing.was ? `${healing.was.slice(0, 1).toUpperCase()}${healing.was.slice(1)} was not there any more. Found in its place: “${healing.now}”` : `Found again: “${healing.now}”`;
    const kept = healing.version && healing.confirmed ? `; kept as version ${healing.version}` : "";
    const found = (healing.pictures ?? []).map((name) => [this.healed(name), name.endsWith("-before.jpg") ? "Before" : "Now"]).filter(([address]) => address);
    const addresses = found.map(([address]) => address), captions = found.map(([, caption]) => caption);
    const figures = found.map(([address, caption], place) =>
      make("figure", {}, make("button", { type: "button", class: "frame", "aria-label": `${caption}, larger`, onclick: () => show(addresses, place, words, captions) }, make("img", { src: address, alt: caption })), make("figcaption", {}, caption)),
    );
    return make("div", { class: "card healed" }, make("p", {}, words), make("p", { class: "hint" }, `${Math.round((healing.score ?? 0) * 100)} % alike${healing.confirmed ? ", confirmed by what came of it" : ", not confirmed"}${kept}`), figures.length ? make("div", { class: "pictures" }, ...figures) : null);
  }

  said({ text }) {
    return make("p", {}, make("span", { class: "hint" }, "Said: "), `“${text}”`);
  }

  ending({ part }) {
    const end = STATUS[part.status] ?? part.status;
    const why = part.status === "skipped" ? `: ${part.sentence ?? ""}` : part.code ? ` (${part.code.replaceAll("_", " ")}${part.lost ? `, at step ${part.lost}` : ""})` : "";
    return make("p", {}, make("span", { class: `status ${part.status}` }, end), why);
  }
}

const DRAW = Object.fromEntries(["step", "part", "ask", "act", "healing", "said", "ending"].map((name) => [name, StoryView.prototype[name]]));

/** All that has a time. */
function entriesOf(story) {
  const entries = [];
  for (const part of story.parts ?? []) {
    entries.push({ kind: "part", at: part.began ?? story.began, part });
    for (const did of part.did ?? []) entries.push({ kind: "step", at: did.at, did });
    if (part.ended !== undefined) entries.push({ kind: "ending", at: part.ended, part });
  }
  for (const asked of story.asks ?? []) entries.push({ kind: "ask", at: asked.at, asked });
  for (const act of story.acts ?? []) entries.push({ kind: "act", at: act.at, act });
  for (const healing of story.healings ?? []) entries.push({ kind: "healing", at: healing.at, healing });
  const asks = new Set((story.asks ?? []).map((asked) => asked.text));
  for (const { text, at } of story.said ?? []) if (!asks.has(text)) entries.push({ kind: "said", at, text });
  return entries;
}

function verdict({ decision, rule, words, reason }) {
  return make("p", { class: `hint verdict ${decision}` }, make("strong", {}, DECISION[decision] ?? decision), `: ${reason || words || rule.replaceAll("_", " ")}`, " ", make("code", {}, rule));
}

/** Where an answer was given: a device by its name, or the turn in which it was spoken. */
function surface(given, { devices = {} }) {
  if (given === "portal" || given === "studio") return `in the ${given}`;
  const device = given.split(":")[0];
  return given.includes(":") ? `spoken to ${devices[device] ?? device}` : `on ${devices[given] ?? given}`;
}

const clamp = (value, least, most) => Math.min(Math.max(value, least), most);
