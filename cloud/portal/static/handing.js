// Taking a skill out: as a file of ours or of another tool, or to somebody else.

import { call } from "./api.js";
import { make } from "./dom.js";
import { keepFile } from "./files.js";
import { powersOf } from "./powers.js";

let formats = null; // asked for once

/** The part of a skill's card that exports and shares. */
export class Handing {
  constructor(skill) {
    this.skill = skill;
    this.at = `/api/skills/${skill.name}`;
    this.place = make("div", {});
    this.wrong = make("p", { class: "wrong", role: "alert" });
    this.element = make("details", { class: "handing" }, make("summary", {}, "Export and share"), this.place, this.wrong);
    this.element.ontoggle = () => this.element.open && this.#try(() => this.#draw());
  }

  async #draw() {
    formats ??= (await call("/api/formats")).formats.filter((one) => one.exports);
    const id = `format-${this.skill.name}`;
    const select = make("select", { id }, ...formats.map((one) => make("option", { value: one.name }, one.tool)));
    const values = make("div", { class: "fields" });
    const told = make("div", {});
    const shown = () => values.replaceChildren(...(select.value === "leveret" ? [] : this.#fields()));
    select.onchange = shown;
    shown();
    const form = make(
      "form",
      {},
      make("label", { htmlFor: id }, "As a file of"),
      make("div", { class: "line" }, select, make("button", {}, "Export")),
      values,
      told,
    );
    form.onsubmit = (event) => {
      event.preventDefault();
      this.#try(() => this.#export(select.value, new FormData(form), told));
    };
    const share = make("button", { type: "button", onclick: () => this.#try(() => this.#share(box)) }, "Share it with somebody");
    const box = make("div", {}, make("div", { class: "answers" }, share));
    this.place.replaceChildren(form, box);
  }

  /** A field for each value of a skill that another tool's file must hold as it stands. */
  #fields() {
    const slots = this.skill.parameters ?? [];
    const field = ({ name, choices }) => {
      const id = `value-${this.skill.name}-${name}`;
      const options = (choices ?? []).map(({ value }) => make("option", { value }));
      const list = options.length ? make("datalist", { id: `${id}-list` }, ...options) : null;
      const input = make("input", { id, name, autocomplete: "off" });
      if (list) input.setAttribute("list", list.id);
      return make("div", {}, make("label", { htmlFor: id }, name.replaceAll("_", " ")), input, list);
    };
    const hint = make("p", { class: "hint" }, "Such a file knows no parameters: it is made for these values. What is left empty takes its usual value, or an example.");
    return slots.length ? [hint, ...slots.map(field)] : [];
  }

  async #export(format, form, told) {
    const values = Object.fromEntries([...form].filter(([, value]) => value.trim()));
    const { filename, data, notes } = await call(`${this.at}/export`, "POST", { format, values: format === "leveret" ? {} : values });
    keepFile(filename, data);
    const said = notes.map(({ step, words }) => make("li", {}, step ? `${step}: ${words}` : words));
    told.replaceChildren(
      make("p", { role: "status" }, `${filename} is made.`),
      ...(said.length ? [make("details", { open: said.length < 8 }, make("summary", {}, `What is not in it (${said.length})`), make("ul", {}, ...said))] : []),
    );
  }

  /** What would be handed on, with what can be chosen; then the file. */
  async #share(box, chosen = { keep: [], pictures: [], files: [], author: "" }) {
    const shared = await call(`${this.at}/share`, "POST", chosen);
    const list = (items) => (items.length ? make("ul", {}, ...items.map(({ step, words }) => make("li", {}, step ? `${step}: ${words}` : words))) : make("p", { class: "hint" }, "Nothing."));
    const again = (change) => this.#try(() => this.#share(box, { ...chosen, ...change }));
    const tick = (label, key, value) => {
      const field = make("input", { type: "checkbox", checked: chosen[key].includes(value) });
      field.onchange = () => again({ [key]: field.checked ? [...chosen[key], value] : chosen[key].filter((one) => one !== value) });
      return make("label", { class: "tick" }, field, label);
    };
    const asked = shared.taken.filter(({ step, words }) => step && words.endsWith("is asked for"));
    const kept = chosen.keep.map((step) => ({ step, words: "typed as it stands" }));
    const author = make("input", { value: chosen.author, maxLength: 80, id: `author-${this.skill.name}`, autocomplete: "off" });
    author.onchange = () => again({ author: author.value });
    const pictures = shared.pictures.map((name) =>
      make("figure", {}, make("img", { src: `${this.at}/versions/${this.#versionOf(name, shared.version)}/pictures/${name}`, alt: "", loading: "lazy" }), make("figcaption", {}, tick(name, "pictures", name))),
    );
    const shown = [
      make("h3", {}, "What somebody else gets"),
      make("section", { class: "power" }, make("h3", {}, "Taken out"), list(shared.taken)),
      make("section", { class: "power" }, make("h3", {}, "Stays as it is"), list(shared.stays)),
      powersOf(shared.powers),
      asked.length + kept.length
        ? make("details", {}, make("summary", {}, "Words that may stay"), ...[...asked, ...kept].map(({ step, words }) => tick(`${step}: ${words}`, "keep", step)))
        : null,
      pictures.length
        ? make("details", {}, make("summary", {}, `Pictures that may go along (${pictures.length})`), make("p", { class: "hint" }, "They show what your pages showed. Look at each."), make("div", { class: "pictures" }, ...pictures))
        : null,
      shared.files.length ? make("details", {}, make("summary", {}, "Files that may go along"), ...shared.files.map((name) => tick(name, "files", name))) : null,
      make("label", { htmlFor: author.id }, "What you want to be called in it (or nothing)"),
      author,
      make("p", { class: "hint" }, "Signed by ", make("code", {}, shared.maker), ", digest ", make("code", {}, shared.digest.slice(0, 16))),
      make("div", { class: "answers" }, make("button", { type: "button", class: "accent", onclick: () => keepFile(shared.filename, shared.data) }, "Save the file")),
    ];
    box.replaceChildren(...shown.filter(Boolean));
  }

  #versionOf(name, newest) {
    const kept = (this.skill.versions ?? []).find((one) => one.pictures.includes(name) && one.number <= newest);
    return kept?.number ?? newest;
  }

  async #try(action) {
    this.wrong.textContent = "";
    try {
      await action();
    } catch (error) {
      this.wrong.textContent = error.message;
    }
  }
}
