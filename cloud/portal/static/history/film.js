// The filmstrip of a run, which one scrubs: by mouse, by finger, by the arrow keys.

import { icon, make } from "../dom.js";
import { show } from "../viewer.js";
import { lasted } from "./words.js";

export class Film {
  #pictures = [];
  #place = 0;
  #story = null;

  constructor(address) {
    this.address = address;
    this.image = make("img", { alt: "" });
    this.large = make("button", { type: "button", class: "frame still", "data-key": "film", onclick: () => this.#large() }, this.image);
    this.range = make("input", { type: "range", min: 0, step: 1, "data-key": "scrub", "aria-label": "The moment that is shown" });
    this.range.oninput = () => this.#turn(Number(this.range.value));
    this.words = make("p", { class: "hint", "aria-live": "polite" });
    const button = (name, label, by) => make("button", { type: "button", class: `plain ${name}`, "aria-label": label, "data-key": name, onclick: () => this.#turn(this.#place + by) }, icon("next"));
    this.controls = make("div", { class: "scrub" }, button("back", "Picture before", -1), this.range, button("next", "Next picture", 1));
    this.gone = make("p", { class: "hint" });
    this.element = make("section", { class: "scrubbed", "aria-label": "What the browser showed" }, this.large, this.controls, this.words, this.gone);
  }

  show(story) {
    const last = this.#place === this.#pictures.length - 1;
    const first = this.#story === null && story.ended === undefined;
    this.#story = story;
    const all = story.pictures ?? [];
    this.#pictures = all.filter(({ kept, number }) => kept !== false && this.address(number));
    this.element.hidden = !all.length;
    const lost = all.length - this.#pictures.length;
    this.gone.hidden = !lost;
    this.gone.textContent = lost === all.length ? "The pictures of this run are not there any more." : `${lost} of its pictures are not there any more.`;
    for (const part of [this.large, this.controls, this.words]) part.hidden = !this.#pictures.length;
    this.range.max = Math.max(this.#pictures.length - 1, 0);
    // Whoever watches a run sees its newest picture; whoever looks at another one stays there.
    if (this.#pictures.length) this.#turn(last || first ? this.#pictures.length - 1 : this.#place);
  }

  /** Shows what was to be seen at a time, in UTC seconds: the first picture from then on, else the last. */
  at(time) {
    if (!this.#pictures.length) return;
    const place = this.#pictures.findIndex((picture) => picture.at >= time);
    this.#turn(place < 0 ? this.#pictures.length - 1 : place);
    this.element.scrollIntoView({ block: "nearest" });
  }

  #turn(place) {
    this.#place = Math.min(Math.max(place, 0), this.#pictures.length - 1);
    const { number, at } = this.#pictures[this.#place];
    const address = this.address(number);
    if (this.image.getAttribute("src") !== address) this.image.src = address;
    const words = `${this.#place + 1} of ${this.#pictures.length} · +${lasted((at - this.#story.began) * 1000)} · ${this.#doing(at)}`;
    this.words.textContent = words.replace(/ · $/, "");
    this.image.alt = `The browser, picture ${words}`;
    this.range.value = this.#place;
    this.range.setAttribute("aria-valuetext", this.words.textContent);
  }

  /** What was being done at a time. */
  #doing(at) {
    const did = (this.#story.parts ?? []).flatMap((part) => part.did ?? []).filter((one) => one.at <= at);
    return did.at(-1)?.words ?? "";
  }

  #large() {
    show(this.#pictures.map(({ number }) => this.address(number)), this.#place, this.#story.text || "What the browser showed");
  }
}
