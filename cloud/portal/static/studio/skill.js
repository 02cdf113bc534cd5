// The skill as it would be saved: what people say, its values, what is shown before an act; trying and saving it.

import { make } from "../dom.js";
import { ask } from "../sure.js";

export class SkillPart {
  constructor(panel) {
    this.panel = panel;
  }

  draw(lesson) {
    if (!lesson.takes.length) return [];
    if (!lesson.skill) return lesson.problem ? [make("p", { class: "wrong", role: "status" }, lesson.problem)] : [];
    const { skill } = lesson;
    return [make("h2", {}, "The skill"), this.naming(skill), this.said(skill), ...this.values(skill), ...this.confirms(skill), this.answer(skill), this.trying(lesson, skill), this.saving(lesson), this.again()];
  }

  change(edit) {
    this.panel.send({ type: "change", edit });
  }

  field(label, value, key, changed, kind = "input") {
    const field = make(kind, { value, "data-key": key, spellcheck: false });
    field.onchange = () => changed(field.value.trim());
    return make("label", { class: "field" }, make("span", {}, label), field);
  }

  naming(skill) {
    return make("div", { class: "pair" }, this.field("Name", skill.name, "name", (name) => this.change({ type: "set_description", name: name.toLowerCase().replace(/\W+/g, "_") })),
      this.field("What it does", skill.description, "description", (description) => this.change({ type: "set_description", description })));
  }

  said(skill) {
    const changed = (text) => this.change({ type: "set_utterances", utterances: text.split("\n").map((one) => one.trim()).filter(Boolean) });
    const field = this.field("What people say, a line each", skill.utterances.join("\n"), "utterances", changed, "textarea");
    field.lastChild.rows = Math.min(Math.max(skill.utterances.length, 2), 6);
    return field;
  }

  values(skill) {
    if (!skill.parameters.length) return [make("p", { class: "hint" }, "Nothing changes from one time to the next.")];
    const row = (one) => make("li", {}, make("p", {}, make("strong", {}, one.name.replaceAll("_", " ")), one.shown ? ` was “${one.shown}”` : "", make("span", { class: "hint" }, ` ${one.kind}${one.choices.length ? `: ${one.choices.slice(0, 6).join(", ")}${one.choices.length > 6 ? ", …" : ""}` : ""}`)),
      one.required ? this.field("Asked for by", one.question, `question ${one.name}`, (question) => this.change({ type: "retype", parameter: one.name, question })) : null);
    return [make("h3", {}, "Values that change"), make("ul", { class: "values" }, ...skill.parameters.map(row))];
  }

  confirms(skill) {
    if (!skill.irreversible) return [];
    const row = (one) => make("li", {}, one.title, this.panel.button("Leave out", () => this.change({ type: "drop_confirm", step: one.step, confirm: one.name }), { class: "plain small", "aria-label": `leave out ${one.title}`, "data-key": `drop ${one.name}` }));
    return [make("h3", {}, "Shown before it cannot be undone"), skill.confirms.length ? make("ul", { class: "values" }, ...skill.confirms.map(row)) : make("p", { class: "hint" }, "Nothing but the question.")];
  }

  answer(skill) {
    return this.field("Answer at the end", skill.read_back, "read back", (read_back) => this.change({ type: "set_read_back", read_back }));
  }

  trying(lesson, skill) {
    const suggested = ({ name, choices }) => (choices.length ? make("datalist", { id: `choices-${name}` }, ...choices.map((value) => make("option", { value }))) : null);
    const typed = ({ name, shown, choices }) => make("input", { value: shown, "data-key": `try ${name}`, ...(choices.length ? { "aria-description": `one of ${choices.join(", ")}` } : {}) });
    const fields = skill.parameters.map((one) => [one, typed(one), suggested(one)]);
    for (const [one, field, list] of fields) if (list) field.setAttribute("list", `choices-${one.name}`);
    const form = make("form", { class: "trying" }, ...fields.map(([{ name }, field, list]) => make("label", { class: "field" }, make("span", {}, name.replaceAll("_", " ")), field, list)), make("div", { class: "answers" }, make("button", { disabled: !!lesson.running, "data-key": "try" }, "Run it")));
    form.onsubmit = (event) => {
      event.preventDefault();
      this.panel.place.focus();
      this.panel.run = null;
      this.panel.send({ type: "run", values: Object.fromEntries(fields.map(([{ name }, field]) => [name, field.value])) });
    };
    return make("details", { "data-key": "trying" }, make("summary", { "data-key": "trying summary" }, "Try it with other values"), make("p", { class: "hint" }, "In a fresh browser. Before anything that cannot be undone you are asked."), form);
  }

  saving(lesson) {
    return make("div", { class: "answers saving" }, this.panel.button("Save", () => this.panel.save(), { class: "accent", disabled: !!lesson.running, "data-key": "save" }));
  }

  again() {
    const { panel } = this;
    const place = make("div", { class: "answers" });
    const sure = () => ask(place, "Forget all that was shown? It cannot be brought back.", "Yes, start over", () => panel.send({ type: "restart" }));
    place.append(panel.button("Start over", sure, { class: "plain small", "data-key": "restart" }));
    return make("details", { "data-key": "again" }, make("summary", { "data-key": "again summary" }, "Show it again, or start over"), ...panel.beginning("Show it again", "With other values, in the same way: what differs is what changes.", "Show it again"), place);
  }
}
