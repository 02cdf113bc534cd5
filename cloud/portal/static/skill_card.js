// One skill: what it does, how it is asked for, and its versions.

import { call } from "./api.js";
import { make, when } from "./dom.js";

const WHY = { taught: "taught", healed: "healed itself", edited: "edited", reverted: "gone back to", file: "from a file" };
const EFFECT = { read: "reads only", reversible: "can be undone", irreversible: "asks before the last step" };

export class SkillCard {
  /** `changed` is called when this skill was changed here. */
  constructor(skill, changed) {
    this.skill = skill;
    this.changed = changed;
    this.at = `/api/skills/${skill.name}`;
    this.wrong = make("p", { class: "wrong", role: "alert" });
    this.history = make("ol", { class: "versions" });
    const details = make("details", {}, make("summary", {}, `Versions (${skill.count ?? "?"})`), this.history);
    details.ontoggle = () => details.open && this.#try(() => this.#drawVersions());
    const words = make("details", {}, make("summary", {}, "What people say"), this.#words());
    this.element = make(
      "article",
      { class: "card skill", "aria-label": skill.title },
      make("header", {}, make("h2", {}, skill.title), make("span", { class: "status" }, `version ${skill.version}`)),
      skill.example ? make("p", { class: "say" }, `“${skill.example}”`) : null,
      make("p", { class: "hint" }, [skill.host, EFFECT[skill.effect], WHY[skill.why]].filter(Boolean).join(" · ")),
      skill.problem ? make("p", { class: "wrong" }, `This skill cannot be used: ${skill.problem}`) : null,
      this.#actions(),
      skill.problem ? null : words,
      details,
      this.wrong,
    );
  }

  #actions() {
    const { skill } = this;
    const actions = make("div", { class: "answers" });
    if (skill.example) {
      actions.append(make("a", { class: "button accent", href: `/?say=${encodeURIComponent(skill.example)}` }, "Try it"));
    }
    const again = new URLSearchParams({ skill: skill.name, say: skill.example });
    actions.append(make("a", { class: "button", href: `/studio?${again}` }, "Teach again"));
    if (skill.removable) actions.append(make("button", { type: "button", onclick: () => this.#remove(actions) }, "Remove"));
    return actions;
  }

  /** Asks once more, in place of the buttons. */
  #remove(actions) {
    const kept = [...actions.children];
    const gone = () => this.#try(() => call(this.at, "DELETE"), true);
    const yes = make("button", { type: "button", class: "yes", onclick: gone }, "Yes, remove it");
    const no = make("button", { type: "button", onclick: () => actions.replaceChildren(...kept) }, "Keep it");
    actions.replaceChildren(make("p", {}, "Remove this skill with all its versions?"), yes, no);
    no.focus();
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

  async #drawVersions() {
    const { versions } = await call(this.at);
    this.history.replaceChildren(...versions.map((version, place) => this.#version(version, place === 0)));
  }

  #version(version, isNewest) {
    const { number, why, note, from_version: from, problem, pictures } = version;
    const told = [WHY[why] + (why === "reverted" ? ` version ${from}` : ""), version.saved_at ? when(version.saved_at) : "", note];
    const item = make(
      "li",
      {},
      make("p", {}, make("strong", {}, `Version ${number}`), ` ${told.filter(Boolean).join(" · ")}`),
      problem ? make("p", { class: "wrong" }, problem) : null,
      pictures.length ? this.#pictures(number, pictures) : null,
    );
    const buttons = make("div", { class: "answers" });
    const named = (words) => ({ type: "button", "aria-label": `${words}, version ${number}` });
    if (number > 1 && !problem && why !== "file") {
      buttons.append(make("button", { ...named("What changed"), onclick: () => this.#try(() => this.#drawChanges(item, number)) }, "What changed"));
    }
    if (!isNewest && !problem) {
      const back = () => this.#try(() => call(`${this.at}/revert`, "POST", { version: number }), true);
      buttons.append(make("button", { ...named("Go back to this"), onclick: back }, "Go back to this"));
    }
    if (buttons.childElementCount) item.append(buttons);
    return item;
  }

  #pictures(number, names) {
    const film = make("div", { class: "pictures" });
    const order = (name) => name.replace("-before.", "-1.").replace("-after.", "-2.");
    for (const name of [...names].sort((one, other) => order(one).localeCompare(order(other)))) {
      const words = name.replace(/\.(jpg|png)$/, "").replaceAll(/[-_]/g, " ");
      const picture = make("img", { src: `${this.at}/versions/${number}/pictures/${name}`, alt: words, loading: "lazy" });
      film.append(make("figure", {}, picture, make("figcaption", {}, words)));
    }
    return film;
  }

  async #drawChanges(item, number) {
    item.querySelector("pre")?.remove();
    const { lines } = await call(`${this.at}/versions/${number}/changes`);
    const shown = make("pre", { class: "changes", tabIndex: 0, "aria-label": `What changed in version ${number}` });
    for (const line of lines.slice(2)) {
      const kind = line.startsWith("+") ? "added" : line.startsWith("-") ? "gone" : "";
      shown.append(make("span", { class: kind }, `${line}\n`));
    }
    item.append(lines.length ? shown : make("pre", { class: "changes" }, "Nothing but the number."));
  }

  async #try(action, changes = false) {
    this.wrong.textContent = "";
    try {
      await action();
      if (changes) this.changed();
    } catch (error) {
      this.wrong.textContent = error.message;
    }
  }
}
