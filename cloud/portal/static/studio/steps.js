// The growing list of steps: words, a picture of the element, what was decided and why, and what can be done with each.

import { icon, make } from "../dom.js";
import { show } from "../viewer.js";

const SAID = { parameter: "changes", constant: "stays", photo: "the photo of the day", secret: "vault", optional: "when it is there", loop: "for each", irreversible: "cannot be undone", confirm: "shown before", read_back: "read back" };

export class Steps {
  constructor(panel) {
    this.panel = panel;
  }

  draw(lesson) {
    if (!lesson.takes.length) return [];
    const rows = lesson.steps.map((step, index) => this.row(lesson, step, index));
    return [make("h2", {}, "Steps"), rows.length ? make("ol", { class: "steps-list" }, ...rows) : make("p", { class: "hint" }, "Nothing yet. Type an address above the page to begin.")];
  }

  row(lesson, step, index) {
    const { panel } = this;
    const picture = step.picture ? this.picture(lesson, step, index) : make("span", { class: "blank" });
    const chips = decided(step.chips.filter((chip) => chip.kind !== "confirm")).map((chip) => this.chip(chip));
    const more = make("details", { "data-key": `more ${step.id}`, class: "more" }, make("summary", { "data-key": `summary ${step.id}` }, "Change", make("span", { class: "quiet" }, ` step ${index + 1}`)), ...this.actions(lesson, step, index));
    const row = make("li", { class: "step-row", "data-step": step.id }, picture, make("div", { class: "what" }, make("p", { class: "words" }, step.words), chips.length ? make("div", { class: "chips-row" }, ...chips) : null, more));
    row.classList.toggle("commits", step.effect === "irreversible");
    row.classList.toggle("here", step.id === lesson.redoing || step.id === lesson.after || (!!step.step && step.step === panel.run?.step && !!lesson.running));
    return row;
  }

  /** A step's picture; pressed, it is seen in large, with those of the others. */
  picture({ steps }, { picture, id }, index) {
    const { pictures } = this.panel;
    const open = () => {
      const shown = steps.filter((step) => pictures.has(step.picture));
      show(shown.map((step) => pictures.get(step.picture)), shown.findIndex((step) => step.id === id), "Steps", shown.map((step) => step.words));
    };
    const image = make("img", { "data-picture": picture, src: pictures.get(picture) ?? "", alt: "" });
    return make("button", { type: "button", class: "shot", "aria-label": `picture of step ${index + 1}`, "data-key": `picture ${id}`, onclick: open }, image);
  }

  chip(chip) {
    const words = chip.parameter ? `${chip.parameter.replaceAll("_", " ")} ${SAID[chip.kind] ?? ""}` : SAID[chip.kind] ?? chip.kind;
    return make("details", { class: `decided ${chip.kind}`, "data-key": `chip ${chip.step} ${chip.kind} ${chip.parameter}` }, make("summary", {}, words), make("p", { class: "hint" }, `Because ${chip.reasons.join("; and ")}.`));
  }

  actions(lesson, step, index) {
    const { panel } = this;
    const send = (message) => () => panel.send(message);
    const button = (words, message, is = {}) => panel.button(words, send(message), { class: "small", "data-key": `${words} ${step.id}`, ...is });
    const last = index === lesson.steps.length - 1;
    const order = [button("Up", { type: "move", step: step.id, to: index - 1 }, { disabled: !index }), button("Down", { type: "move", step: step.id, to: index + 1 }, { disabled: last }),
      button("Do again", { type: "redo", step: step.id }), button("Insert after", { type: "insert", after: step.id }), button("Run up to here", { type: "run", to: step.id }, { disabled: !step.step }), button("Delete", { type: "delete", step: step.id })];
    return [make("div", { class: "row-actions" }, ...order), ...this.marks(step)];
  }

  marks(step) {
    if (!step.step) return [];
    const { panel } = this;
    const change = (edit) => panel.send({ type: "change", edit });
    const flag = (words, on, edit) => {
      const box = make("input", { type: "checkbox", checked: on, "data-key": `${words} ${step.id}` });
      box.onchange = () => change(edit(box.checked));
      return make("label", { class: "flag" }, box, words);
    };
    const made = [flag("cannot be undone", step.effect === "irreversible", (on) => ({ type: "mark_irreversible", step: step.step, irreversible: on })),
      flag("only when it is there", step.optional, (on) => ({ type: "mark_optional", step: step.step, optional: on }))];
    if (step.secret) return [...made, this.vault(step)];
    if (step.markable === "file") return [...made, this.file(step)];
    return step.markable ? [...made, this.value(step)] : made;
  }

  // A file is kept with the skill, or is the photo that is taken with each request.
  file(step) {
    const photo = step.chips.some((chip) => chip.kind === "photo");
    const edit = { type: "take_photo", step: step.step, photo: !photo };
    return this.panel.button(photo ? "Give this file each time" : "Take a photo each time", () => this.panel.send({ type: "change", edit }), { class: "small", "data-key": `file ${step.id}` });
  }

  value(step) {
    const { panel } = this;
    const known = step.chips.find((chip) => chip.kind === "parameter");
    const name = make("input", { value: known?.parameter ?? "", placeholder: "name, such as size", pattern: "[a-z][a-z0-9_]*", "aria-label": "name of the value", "data-key": `name ${step.id}`, required: true });
    const form = make("form", { class: "line mark" }, name, make("button", { class: "small" }, known ? "Rename" : "It changes"));
    const change = (edit) => { name.blur(); panel.send({ type: "change", edit }); };
    form.onsubmit = (event) => {
      event.preventDefault();
      const plain = name.value.trim().toLowerCase().replace(/\W+/g, "_");
      change(known ? { type: "rename", parameter: known.parameter, to: plain } : { type: "mark_parameter", step: step.step, name: plain, field: step.markable });
    };
    const constant = known ? panel.button("It stays the same", () => change({ type: "mark_constant", step: step.step, field: known.field || step.markable }), { class: "small", "data-key": `constant ${step.id}` }) : null;
    return make("div", { class: "marks" }, form, constant);
  }

  vault(step) {
    const { panel } = this;
    const kept = step.vault && step.vault !== step.secret ? `It is “${step.vault}” of the vault.` : "It was not recorded. Give it a name in the vault, and it will be typed by itself, on this site alone.";
    const name = make("input", { value: step.vault && step.vault !== step.secret ? step.vault : "", placeholder: "name, such as shop_password", pattern: "[a-z][a-z0-9_]*", required: true, "aria-label": "name in the vault", "data-key": `vault ${step.id}` });
    const value = make("input", { type: "password", autocomplete: "off", placeholder: step.secret === "one_time_code" ? "the seed of the codes" : "the secret; empty: it is there already", "aria-label": "the secret", "data-key": `secret ${step.id}` });
    const form = make("form", { class: "mark" }, make("p", { class: "hint" }, icon("vault"), kept), name, value, make("div", { class: "answers" }, make("button", { class: "small" }, "Keep")));
    form.onsubmit = async (event) => {
      event.preventDefault();
      const given = { name: name.value.trim(), value: value.value, kind: step.secret };
      value.value = "";
      value.blur();
      name.blur();
      try {
        await panel.keep(given, new URL(step.origin).origin);
        panel.send({ type: "change", edit: { type: "mark_secret", step: step.step, secret: given.name } });
      } catch (error) {
        panel.say(error.message);
      }
    };
    return form;
  }
}

/** The decisions about a step, each with all its reasons. */
function decided(chips) {
  const all = new Map();
  for (const chip of chips) {
    const key = `${chip.kind} ${chip.parameter}`;
    if (all.has(key)) all.get(key).reasons.push(chip.evidence);
    else all.set(key, { ...chip, reasons: [chip.evidence] });
  }
  return [...all.values()];
}
