// Bringing files: each is shown, with what could not be carried by line and what it may do, before it is kept.

import { call } from "./api.js";
import { make, when } from "./dom.js";
import { readFile } from "./files.js";
import { powersOf } from "./powers.js";

/** Where files are chosen or dropped; `kept` is told the name of each skill that was saved. */
export class Bringing {
  constructor(kept) {
    this.kept = kept;
    this.found = make("div", { class: "cards" });
    this.chooser = make("input", { type: "file", multiple: true, id: "bring-files", hidden: true, "aria-label": "Files to bring" });
    this.chooser.onchange = () => this.take([...this.chooser.files]);
    const choose = make("button", { type: "button", class: "accent", onclick: () => this.chooser.click() }, "Choose files");
    this.drop = make(
      "div",
      { class: "card drop" },
      make("p", {}, "Drop files here: skills of Leveret, skills that somebody shares, or recordings of Chrome DevTools Recorder, Selenium IDE, Playwright and workflow-use."),
      this.chooser,
      make("div", { class: "answers" }, choose, make("button", { type: "button", onclick: () => this.close() }, "Close")),
      make("p", { class: "hint" }, "Nothing is kept before you have seen what is in a file."),
    );
    this.element = make("section", { hidden: true, "aria-label": "Bring a file" }, this.drop, this.found);
    document.addEventListener("dragover", (event) => this.#over(event));
    document.addEventListener("drop", (event) => this.#dropped(event));
  }

  open() {
    this.element.hidden = false;
    this.drop.querySelector("button").focus();
  }

  close() {
    this.element.hidden = true;
    this.found.replaceChildren();
    this.chooser.value = "";
  }

  async take(files) {
    this.element.hidden = false;
    for (const file of files) await this.#show(file);
    this.chooser.value = "";
  }

  #over(event) {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    this.element.hidden = false;
  }

  #dropped(event) {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    this.take([...event.dataTransfer.files]);
  }

  async #show(file) {
    try {
      if (file.size > 6_000_000) throw new Error("it is too large to be a skill");
      const given = { data: await readFile(file), filename: file.name };
      const { digest, skills } = await call("/api/imports", "POST", given);
      this.found.append(...skills.map((skill) => this.#card(skill, { ...given, digest })));
    } catch (error) {
      this.found.append(make("p", { class: "card wrong", role: "alert" }, `${file.name}: ${error.message}`));
    }
  }

  /** One skill of a file. */
  #card(skill, given) {
    const { shared, notes } = skill;
    const id = `name-${skill.index}-${given.digest.slice(0, 8)}`;
    const name = make("input", { id, value: skill.taken ? `${skill.name}_2` : skill.name, spellcheck: false, autocomplete: "off", required: true, pattern: "[a-z][a-z0-9_]*" });
    const wrong = make("p", { class: "wrong", role: "alert" });
    const lacking = (shared?.lacks ?? []).map((file) => this.#lacked(file));
    const card = make(
      "form",
      { class: "card offered", "aria-label": skill.title },
      make("header", {}, make("h2", {}, skill.title), make("span", { class: "status" }, shared ? "shared" : skill.tool)),
      shared ? this.#maker(shared) : make("p", { class: "hint" }, `${given.filename} · ${skill.steps} steps`),
      notes.length ? this.#notes(notes) : null,
      powersOf(skill.powers, skill.weaknesses),
      ...lacking.map(({ element }) => element),
      make("label", { htmlFor: id }, "What to call it"),
      name,
      skill.taken ? make("p", { class: "hint" }, `There is ${skill.name} already, so this one needs another name.`) : null,
      make(
        "div",
        { class: "answers" },
        make("button", { class: shared ? "yes" : "accent" }, shared ? "Accept it" : "Keep it"),
        make("button", { type: "button", onclick: () => card.remove() }, shared ? "No, thank you" : "Leave it"),
      ),
      wrong,
    );
    card.onsubmit = async (event) => {
      event.preventDefault();
      wrong.textContent = "";
      try {
        const files = Object.fromEntries((await Promise.all(lacking.map(({ read }) => read()))).filter(Boolean));
        const take = [{ index: skill.index, name: name.value.trim() }];
        const asked = { ...given, take, ...(shared ? { accept: shared.digest, files } : {}) };
        const { saved } = await call("/api/imports/save", "POST", asked);
        card.remove();
        if (!this.found.childElementCount) this.close();
        this.kept(saved[0].name);
      } catch (error) {
        wrong.textContent = error.message;
      }
    };
    return card;
  }

  #maker({ author, maker, known, made_at: made, digest }) {
    const by = author || "somebody who gives no name";
    const seen = known.length ? `who also made ${known.join(", ")}` : "whose key is new to you";
    return make(
      "div",
      { class: "maker" },
      make("p", {}, `Made by ${by}, ${seen}${made ? `, ${when(made)}` : ""}.`),
      make("p", { class: "hint" }, "Key ", make("code", {}, maker), ", digest ", make("code", {}, digest.slice(0, 16))),
      make("p", { class: "hint" }, "Nothing of it has run. Passwords and codes are not in it: it names those of your vault that it needs."),
    );
  }

  #notes(notes) {
    const said = notes.map(({ line, step, words }) => {
      const where = [line ? `line ${line}` : "", step].filter(Boolean).join(", ");
      return make("li", {}, where ? make("strong", {}, `${where}: `) : "", words);
    });
    return make("details", { class: "notes", open: notes.length < 8 }, make("summary", {}, `Could not be carried as it was (${notes.length})`), make("ul", {}, ...said));
  }

  /** A file that a shared skill gives to a site, and that its maker kept. */
  #lacked(file) {
    const id = `lacks-${file}`;
    const field = make("input", { type: "file", id });
    const read = async () => field.files.length && [file, await readFile(field.files[0])];
    return { element: make("div", {}, make("label", { htmlFor: id }, `Your ${file}, which it gives to the site`), field), read };
  }
}
