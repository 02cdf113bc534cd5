// Mouse, touch, keys, input methods and the clipboard on the canvas, as messages. F6 leaves it.

import { Pinch } from "./pinch.js";

const LEAVE = "F6";
const BUTTONS = ["left", "middle", "right"];
const AGAIN_MS = 500, NEAR_PX = 5, HOLD_MS = 550, PAN_PX = 8, LINE_PX = 40, ZOOM_PX = 200;
const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

export class Hands {
  constructor(screen, field, { send, aim, leave }) {
    Object.assign(this, { screen, field, send, aim, leave, held: new Map(), last: { at: 0, x: 0, y: 0, clicks: 0 }, moved: null, touch: null });
    const canvas = screen.canvas;
    this.pinch = new Pinch(screen, () => this.forget());
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("pointercancel", (event) => { this.pinch.up(event); this.forget(); });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    field.addEventListener("keydown", (event) => this.keyDown(event));
    field.addEventListener("keyup", (event) => this.keyUp(event));
    field.addEventListener("beforeinput", (event) => this.input(event));
    field.addEventListener("compositionupdate", (event) => send({ type: "compose", text: event.data }));
    field.addEventListener("compositionend", (event) => this.composed(event.data));
    field.addEventListener("paste", (event) => this.paste(event));
    field.addEventListener("blur", () => this.letGo());
  }

  // The mouse; a finger that taps clicks, that stays presses the right button, that moves scrolls. A finger brings up no
  // keyboard: that hides half of a phone, and has a button of its own.

  down(event) {
    event.preventDefault();
    if (event.pointerType === "touch") return this.pinch.down(event) || this.touchDown(event);
    this.field.focus({ preventScroll: true });
    this.aimed = this.aim.on;
    if (this.aimed) return event.button ? undefined : this.aim.take(this.screen.toPage(event.clientX, event.clientY));
    this.screen.canvas.setPointerCapture(event.pointerId);
    this.flush();
    this.press("down", event, BUTTONS[event.button] ?? "left", this.count(event));
  }

  up(event) {
    if (event.pointerType === "touch") return this.pinch.up(event) || this.touchUp(event);
    if (this.aimed) return;
    this.flush();
    this.press("up", event, BUTTONS[event.button] ?? "left", this.last.clicks || 1);
  }

  press(kind, { clientX, clientY }, button, clicks) {
    this.send({ type: "pointer", kind, ...this.screen.toPage(clientX, clientY), button, clicks });
  }

  count(event) {
    const { last } = this;
    const again = event.timeStamp - last.at < AGAIN_MS && Math.hypot(event.clientX - last.x, event.clientY - last.y) < NEAR_PX;
    this.last = { at: event.timeStamp, x: event.clientX, y: event.clientY, clicks: again ? (last.clicks % 3) + 1 : 1 };
    return this.last.clicks;
  }

  move(event) {
    if (event.pointerType === "touch") return this.pinch.move(event) || this.touchMove(event);
    if (!this.moved) requestAnimationFrame(() => this.flush());
    this.moved = this.screen.toPage(event.clientX, event.clientY);
  }

  flush() {
    if (this.moved && this.aim.on) this.aim.point(this.moved);
    else if (this.moved) this.send({ type: "pointer", kind: "move", ...this.moved });
    this.moved = null;
  }

  wheel(event) {
    event.preventDefault();
    if (event.ctrlKey) return this.screen.zoom(Math.exp(-event.deltaY / ZOOM_PX), event.clientX, event.clientY);
    const unit = event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? this.screen.height : 1;
    const at = this.screen.toPage(event.clientX, event.clientY);
    this.send({ type: "wheel", ...at, dx: event.deltaX * unit, dy: event.deltaY * unit });
  }

  touchDown(event) {
    const touch = (this.touch = { id: event.pointerId, x: event.clientX, y: event.clientY, panned: false, held: false });
    touch.timer = setTimeout(() => {
      if (this.aim.on) return;
      touch.held = true;
      for (const kind of ["move", "down", "up"]) this.press(kind, event, "right", 1);
    }, HOLD_MS);
  }

  touchMove(event) {
    const { touch } = this;
    if (!touch || touch.id !== event.pointerId || touch.held) return;
    const dx = touch.x - event.clientX, dy = touch.y - event.clientY;
    if (!touch.panned && Math.hypot(dx, dy) < PAN_PX) return;
    touch.panned = true;
    clearTimeout(touch.timer);
    const scale = this.screen.width / this.screen.canvas.getBoundingClientRect().width;
    const left = this.screen.pan(-dx, -dy);
    if (left.dx || left.dy) this.send({ type: "wheel", ...this.screen.toPage(event.clientX, event.clientY), dx: -left.dx * scale, dy: -left.dy * scale });
    Object.assign(touch, { x: event.clientX, y: event.clientY });
  }

  /** Whatever a finger began is no tap and no press. */
  forget() {
    clearTimeout(this.touch?.timer);
    this.touch = null;
  }

  touchUp(event) {
    const { touch } = this;
    this.touch = null;
    if (!touch || touch.id !== event.pointerId) return;
    clearTimeout(touch.timer);
    if (touch.panned || touch.held) return;
    if (this.aim.on) return this.aim.point(this.screen.toPage(event.clientX, event.clientY));
    const clicks = this.count(event);
    this.press("move", event, "left", 1);
    for (const kind of ["down", "up"]) this.press(kind, event, "left", clicks);
  }

  // Keys. What makes text in a way of its own comes by `beforeinput`, `paste` or the composition.

  keyDown(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === LEAVE) {
      event.preventDefault();
      return this.leave(event.shiftKey);
    }
    if (this.aim.on && this.aim.key(event)) return event.preventDefault();
    const command = MAC ? event.metaKey : event.ctrlKey;
    const letter = event.key.toLowerCase();
    if (command && letter === "v") return;
    if (command && (letter === "c" || letter === "x")) this.send({ type: "copy" });
    event.preventDefault();
    if (event.key.length === 1 && (event.getModifierState("AltGraph") || (event.ctrlKey && event.altKey)))
      return this.send({ type: "text", text: event.key });
    const key = MAC && event.key === "Meta" ? "Control" : event.key;
    this.held.set(event.code, key);
    this.send({ type: "key", kind: "down", key });
  }

  keyUp(event) {
    const key = this.held.get(event.code);
    if (key === undefined) return;
    event.preventDefault();
    this.held.delete(event.code);
    this.send({ type: "key", kind: "up", key });
  }

  letGo() {
    for (const key of this.held.values()) this.send({ type: "key", kind: "up", key });
    this.held.clear();
  }

  tap(key) {
    for (const kind of ["down", "up"]) this.send({ type: "key", kind, key });
  }

  input(event) {
    if (event.isComposing || event.inputType === "insertCompositionText") return;
    event.preventDefault();
    if (event.inputType === "insertText" && event.data) this.send({ type: "text", text: event.data });
    else if (event.inputType === "insertLineBreak") this.tap("Enter");
    else if (event.inputType.startsWith("deleteContentBackward")) this.tap("Backspace");
    else if (event.inputType.startsWith("deleteContentForward")) this.tap("Delete");
  }

  composed(text) {
    if (text) this.send({ type: "text", text });
    else this.send({ type: "compose", text: "" });
    this.field.value = "";
  }

  paste(event) {
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain");
    if (text) this.send({ type: "text", text: text.slice(0, 20000) });
  }
}
