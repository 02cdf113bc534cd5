// Pointing: what is under the pointer, and what is around it, is outlined until one of them is taken. The mouse points and
// clicks, a finger taps and then takes, the keys point, widen, take and give up.

import { byId, make } from "../dom.js";

const STEP_PX = 24;
const KEYS = { ArrowUp: "wider", "+": "wider", ArrowDown: "narrower", "-": "narrower", Enter: "take", Escape: "leave" };
const MOVES = { ArrowLeft: [-STEP_PX, 0], ArrowRight: [STEP_PX, 0], ArrowUp: [0, -STEP_PX], ArrowDown: [0, STEP_PX] };

export class Aim {
  constructor(screen, bar, send) {
    Object.assign(this, { screen, bar, send, on: false, at: { x: 0, y: 0 }, asked: null, next: null, around: [], level: 0 });
    this.outline = make("div", { class: "outline", hidden: true });
    screen.room.append(this.outline);
    screen.moved = () => this.place();
    screen.drawn = () => this.on && this.point(this.at); // something else may be there now
  }

  turn(on) {
    if (on === this.on) return;
    Object.assign(this, { on, asked: null, next: null, around: [], level: 0 });
    if (on) this.point({ x: this.screen.width / 2, y: this.screen.height / 2 });
    this.draw();
  }

  /** Asks what is there. One question at a time, and of those that wait the newest. */
  point(at) {
    this.at = at;
    if (this.asked) return void (this.next = at);
    this.asked = at;
    this.next = null;
    this.send({ type: "point", ...at });
  }

  heard({ x, y, around }) {
    if (!this.on || !this.asked) return;
    const chosen = this.around[this.level];
    this.around = around;
    this.level = Math.max(0, chosen && this.level ? around.findIndex(({ box }) => String(box) === String(chosen.box)) : 0);
    this.told = { x, y };
    this.asked = null;
    this.draw();
    if (this.next) this.point(this.next);
  }

  /** Takes what is outlined; or, of a place that nothing is known of yet, what is right there. */
  take(at = this.at) {
    const [x, y, width, height] = this.around[this.level]?.box ?? [0, 0, -1, -1];
    const known = at.x >= x && at.x <= x + width && at.y >= y && at.y <= y + height;
    this.send({ type: "point", ...(known ? this.told : at), take: true, wider: known ? this.around[this.level].wider : 0 });
  }

  choose(level) {
    this.level = Math.min(Math.max(level, 0), Math.max(this.around.length - 1, 0));
    this.draw();
  }

  leave() {
    this.send({ type: "pick", want: null });
  }

  /** Whether the key means something here. */
  key(event) {
    const move = event.shiftKey && MOVES[event.key];
    if (move) this.point(this.screen.within({ x: this.at.x + move[0], y: this.at.y + move[1] }));
    else if (KEYS[event.key] === "wider") this.choose(this.level + 1);
    else if (KEYS[event.key] === "narrower") this.choose(this.level - 1);
    else if (KEYS[event.key] === "take") this.take();
    else if (KEYS[event.key] === "leave") this.leave();
    else return false;
    return true;
  }

  place() {
    const shown = this.on && this.around[this.level];
    this.outline.hidden = !shown;
    if (shown) for (const [side, px] of Object.entries(this.screen.toRoom(shown.box))) this.outline.style[side] = `${px}px`;
  }

  draw() {
    const shown = this.on && this.around[this.level];
    this.place();
    this.bar.hidden = !this.on;
    if (!this.on) return this.bar.replaceChildren();
    const focused = this.bar.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const part = ({ words }, level) => make("button", { type: "button", class: "small", "aria-pressed": String(level === this.level), "data-key": `part ${level}`, onclick: () => this.choose(level) }, words);
    const take = make("button", { type: "button", class: "small accent", "data-key": "take", disabled: !shown, onclick: () => this.take() }, "Take this");
    const leave = make("button", { type: "button", class: "small plain", "data-key": "leave", onclick: () => this.leave() }, "Never mind");
    this.bar.replaceChildren(make("div", { class: "parts", role: "group", "aria-label": "What is pointed at, and what is around it" }, ...(this.around.length ? this.around.map(part) : [make("span", { class: "hint" }, "Nothing is there. Point at a text, a row, a table.")])), take, leave);
    if (focused) this.bar.querySelector(`[data-key="${focused}"]`)?.focus();
    byId("aimed").textContent = shown ? shown.words : "";
  }
}
