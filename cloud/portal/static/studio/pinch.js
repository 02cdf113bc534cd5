// Two fingers on the canvas: show it larger or smaller, and move it. The page itself does not hear of them.

export class Pinch {
  #fingers = new Map();

  /** `begin` is called when a second finger comes. */
  constructor(screen, begin) {
    Object.assign(this, { screen, begin });
  }

  /** Whether this finger is one of two. */
  down({ pointerId, clientX: x, clientY: y }) {
    this.#fingers.set(pointerId, { x, y });
    if (this.#fingers.size < 2) return false;
    this.begin();
    return true;
  }

  move({ pointerId, clientX, clientY }) {
    const before = this.#fingers.size > 1 && this.#span();
    if (this.#fingers.has(pointerId)) this.#fingers.set(pointerId, { x: clientX, y: clientY });
    if (!before) return false;
    const now = this.#span();
    if (before.apart) this.screen.zoom(now.apart / before.apart, before.x, before.y);
    this.screen.pan(now.x - before.x, now.y - before.y);
    return true;
  }

  up({ pointerId }) {
    const two = this.#fingers.size > 1;
    this.#fingers.delete(pointerId);
    return two;
  }

  /** The middle of the first two fingers, and how far they are apart, in px of the window. */
  #span() {
    const [one, other] = this.#fingers.values();
    return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, apart: Math.hypot(one.x - other.x, one.y - other.y) };
  }
}
