// One skill: what it does, how it is asked for, and its versions.

import { call } from "./api.js";
import { make, when } from "./dom.js";
import { Handing } from "./handing.js";
import { powersOf } from "./powers.js";
import { ask } from "./sure.js";
import { show } from "./viewer.js";

const WHY = { taught: "taught", healed: "healed itself", edited: "edited", reverted: "gone back to", imported: "imported", shared: "shared", file: "from a file" };
const EFFECT = { read: "reads only", reversible: "can be undone", irreversible: "asks before the last step" };

export class SkillCard {
  /** `changed` is called when this skill was changed here. */
  constructor(skill, changed) {
    this.skill = skill;
    this.changed = changed;
    this.at = `/api/skills/${skill.name}`;
    this.wrong = make("p", { class: "wrong", role: "alert" });
    this.history = make("ol", { class: "versions" });
    this.versions = make("details", {}, make("summary", {}, `Versions (${skill.count ?? "?"})`), this.history);
    this.versions.ontoggle = () => this.versions.open && this.#try(() => this.#drawVersions());
    const powers = make("details", {}, make("summary", {}, "What it may do"));
    powers.ontoggle = () => powers.open && powers.childElementCount < 2 && this.#try(() => this.#drawPowers(powers));
    const words = make("details", {}, make("summary", {}, "What people say"), this.#words());
    this.element = make(
      "article",
      { class: "card skill", "aria-label": skill.title },
      make("header", {}, make("h2", {}, skill.title), make("span", { class: "status" }, `version ${skill.version}`)),
      skill.example ? make("p", { class: "say" }, `“${skill.example}”`) : null,
      make("p", { class: "hint" }, [skill.host, EFFECT[skill.effect], WHY[skill.why]].filter(Boolean).join(" · ")),
      skill.problem ? make("p", { class: "wrong" }, `This skill cannot be used: ${skill.problem}`) : null,
      this.#actions(),
      ...(skill.problem ? [] : [powers, words, this.#then(), new Handing(skill).element]),
      this.versions,
      this.wrong,
    );
  }

  /** Shows what came of a change, where it was made. */
  resume() {
    this.versions.open = true;
    this.versions.firstChild.focus();
  }

  #actions() {
    const { skill } = this;
    const actions = make("div", { class: "answers" });
    if (skill.example) {
      actions.append(make("a", { class: "button accent", href: `/?say=${encodeURIComponent(skill.example)}` }, "Try it"));
    }
    const again = new URLSearchParams({ skill: skill.name, say: skill.example });
    actions.append(make("a", { class: "button", href: `/studio?${again}` }, "Teach again"));
    const gone = () => this.#try(() => call(this.at, "DELETE"), true);
    const remove = () => ask(actions, "Remove this skill with all its versions?", "Yes, remove it", gone);
    if (skill.removable) actions.append(make("button", { type: "button", onclick: remove }, "Remove"));
    return actions;
  }

  /** The sentences, one a line, to be changed. */
  #words() {
    const id = `say-${this.skill.name}`;
    const field = make("textarea", { id, rows: Math.min(8, this.skill.utterances.length + 1), spellcheck: false });
    field.value = this.skill.utterances.join("\n");
    const form = make(
      "form",
      {},
      make("label", { htmlFor: id }, "One sentence a line: {parameter}, [may be left out], (one|other)"),
      field,
      make("div", { class: "answers" }, make("button", {}, "Save as a new version")),
    );
    form.onsubmit = (event) => {
      event.preventDefault();
      this.#try(() => call(`${this.at}/utterances`, "POST", { utterances: field.value.split("\n") }), true);
    };
    return form;
  }

  /** What is to come after it: another skill, in words. */
  #then() {
    const id = `then-${this.skill.name}`;
    const field = make("input", { id, maxLength: 400, autocomplete: "off", required: true });
    const form = make(
      "form",
      {},
      make("label", { htmlFor: id }, "When it is done, do this, in the words that you would say; “it” is what it reads"),
      field,
      make("div", { class: "answers" }, make("button", {}, "Save as a new version")),
    );
    form.onsubmit = (event) => {
      event.preventDefault();
      this.#try(() => call(`${this.at}/then`, "POST", { does: field.value }), true);
    };
    return make("details", {}, make("summary", {}, "Then…"), form);
  }

  async #drawPowers(place) {
    const { powers, weaknesses } = await call(`${this.at}/versions/${this.skill.version}/powers`);
    place.append(powersOf(powers, weaknesses));
  }

  async #drawVersions() {
    const { versions } = await call(this.at);
    this.numbers = versions.filter(({ problem }) => !problem).map(({ number }) => number);
    this.history.replaceChildren(...versions.map((version, place) => this.#version(version, place === 0)));
  }

  #version(version, isNewest) {
    const { number, why, note, from_version: from, problem, pictures } = version;
    const { surface, source, author, maker, task } = version.whence ?? {};
    const by = author ? `by ${author}` : maker ? `by ${maker}` : surface === "run" ? "" : surface;
    const came = WHY[why] + (why === "reverted" ? ` version ${from}` : "");
    const told = [version.saved_at ? when(version.saved_at) : "", by, source, note];
    const item = make(
      "li",
      {},
      make("p", {}, make("strong", {}, `Version ${number}`), " ", make("span", { class: `why ${why}` }, came), ` ${told.filter(Boolean).join(" · ")}`),
      problem ? make("p", { class: "wrong" }, problem) : null,
      task ? make("p", { class: "hint" }, make("a", { href: `/run?id=${encodeURIComponent(task)}` }, "The run that found it")) : null,
      pictures.length ? this.#pictures(version) : null,
    );
    const buttons = make("div", { class: "answers" });
    const named = (words) => ({ type: "button", "aria-label": `${words}, version ${number}` });
    const changes = make("div", { class: "changes", hidden: true });
    if (number > 1 && !problem && why !== "file") {
      const open = make("button", { ...named("What changed"), "aria-expanded": "false" }, "What changed");
      open.onclick = () => this.#try(() => this.#toggleChanges(open, changes, number));
      buttons.append(open);
    }
    if (!isNewest && !problem) {
      const back = () => this.#try(() => call(`${this.at}/revert`, "POST", { version: number }), true);
      buttons.append(make("button", { ...named("Go back to this"), onclick: back }, "Go back to this"));
    }
    if (buttons.childElementCount) item.append(buttons, changes);
    return item;
  }

  /** Before and after a healing at once; the pictures of a lesson's steps when they are asked for. */
  #pictures({ number, pictures, captions }) {
    const known = Object.keys(captions);
    const names = [...known, ...pictures.filter((name) => !known.includes(name))];
    const words = names.map((name) => captions[name] ?? name.replace(/\.(jpg|png)$/, "").replaceAll(/[-_]/g, " "));
    const addresses = names.map((name) => `${this.at}/versions/${number}/pictures/${name}`);
    const figure = (address, place) => {
      const open = () => show(addresses, place, this.skill.title, words);
      const picture = make("img", { src: address, alt: "", loading: "lazy" });
      return make("figure", {}, make("button", { type: "button", class: "frame", "aria-label": `${words[place]}, larger`, onclick: open }, picture), make("figcaption", {}, words[place]));
    };
    const film = make("div", { class: "pictures" }, ...addresses.map(figure));
    const isHealing = names.some((name) => /-(before|after)\./.test(name));
    return isHealing ? film : make("details", {}, make("summary", {}, `Pictures of its steps (${names.length})`), film);
  }

  /** What differs, opened or closed. */
  async #toggleChanges(button, place, number) {
    const isOpen = place.hidden;
    if (isOpen) await this.#drawChanges(place, number);
    place.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
  }

  /** In sentences, with the elements side by side; the lines of the file for whoever wants them. `from`: another version
   * than the one that it was made from. */
  async #drawChanges(place, number, from = 0) {
    const told = await call(`${this.at}/versions/${number}/changes${from ? `?from=${from}` : ""}`);
    const said = ({ what, words }) => make("li", { class: what }, make("span", { class: "quiet" }, `${what}: `), words);
    const shown = make("pre", { tabIndex: 0, "aria-label": `The lines that changed in version ${number}` });
    for (const line of told.lines.slice(2)) {
      const kind = line.startsWith("+") ? "added" : line.startsWith("-") ? "gone" : "";
      shown.append(make("span", { class: kind }, `${line}\n`));
    }
    const file = make("details", {}, make("summary", {}, "The lines of its file"), shown);
    const differs = [make("ul", {}, ...told.words.map(said)), ...told.pairs.map((pair) => this.#pair(pair)), file];
    place.replaceChildren(...this.#against(place, number, told.from), ...(told.words.length ? differs : [make("p", {}, "Nothing but the number.")]));
  }

  /** Which version it is compared with, to be chosen where there are several. */
  #against(place, number, from) {
    const others = this.numbers.filter((one) => one !== number);
    if (others.length < 2) return [];
    const id = `against-${this.skill.name}-${number}`;
    const choice = make("select", { id }, ...others.map((one) => make("option", { value: String(one), selected: one === from }, `version ${one}`)));
    choice.onchange = () => this.#try(() => this.#drawChanges(place, number, Number(choice.value)));
    return [make("label", { htmlFor: id }, "Compared with"), choice];
  }

  /** The element of a step in both versions, side by side. */
  #pair({ words, before, after }) {
    const figure = (picture, moment) =>
      make(
        "figure",
        {},
        picture
          ? make("img", { src: `${this.at}/versions/${picture.version}/pictures/${picture.name}`, alt: `The element ${moment}`, loading: "lazy" })
          : make("p", { class: "hint" }, "There is no picture of it."),
        make("figcaption", {}, moment),
      );
    return make("div", { class: "pair" }, make("p", {}, words), figure(before, "before"), figure(after, "now"));
  }

  /** Does it, and no second time while it is being done. */
  async #try(action, changes = false) {
    if (this.acting) return;
    this.acting = changes;
    this.wrong.textContent = "";
    try {
      await action();
      if (changes) this.changed(this.skill.name);
    } catch (error) {
      this.wrong.textContent = error.message;
    } finally {
      this.acting = false;
    }
  }
}
