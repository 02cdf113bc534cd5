// The canvas: pictures of the remote page, as large as there is room or larger, and where a point of it lies on the page.

const HEADER_BYTES = 8;
const SETTLE_MS = 120;
const MOST_ZOOM = 4;

export class Screen {
  constructor(room, canvas, send) {
    Object.assign(this, { room, canvas, send, width: 1280, height: 800, zoomed: 1, left: 0, top: 0 });
    this.context = canvas.getContext("2d", { alpha: false });
    new ResizeObserver(() => this.fit()).observe(room);
  }

  // The room's size goes to the page; until its picture comes the old one is shown smaller or larger.
  fit() {
    const { width, height } = this.room.getBoundingClientRect();
    if (width < 16 || height < 16) return;
    const scale = Math.min(width / this.width, height / this.height);
    this.room.classList.toggle("fitted", Math.abs(width / height - this.width / this.height) < 0.02);
    this.canvas.style.width = `${Math.floor(this.width * scale)}px`;
    this.canvas.style.height = `${Math.floor(this.height * scale)}px`;
    this.place();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.tell(), SETTLE_MS);
  }

  // Two fingers, or the wheel with Control: larger or smaller around a point of the window.
  zoom(by, clientX, clientY) {
    const box = this.canvas.getBoundingClientRect();
    const zoomed = Math.min(Math.max(this.zoomed * by, 1), MOST_ZOOM), grown = zoomed / this.zoomed;
    this.left += (clientX - box.left) * (1 - grown);
    this.top += (clientY - box.top) * (1 - grown);
    this.zoomed = zoomed;
    this.place();
  }

  // Moves what is shown larger; returns by how many px of the window it could not, since an edge was reached.
  pan(dx, dy) {
    const { left, top } = this;
    this.left += dx;
    this.top += dy;
    this.place();
    return { dx: dx - (this.left - left), dy: dy - (this.top - top) };
  }

  // Keeps the canvas over the room: no edge of it comes inside.
  place() {
    const { canvas, room } = this;
    const wide = canvas.offsetWidth * (this.zoomed - 1), high = canvas.offsetHeight * this.zoomed - Math.min(room.clientHeight, canvas.offsetHeight);
    this.left = Math.min(Math.max(this.left, -wide), 0);
    this.top = Math.min(Math.max(this.top, -high), 0);
    canvas.style.transform = this.zoomed > 1 ? `translate(${this.left}px, ${this.top}px) scale(${this.zoomed})` : "";
    this.moved();
  }

  // For whoever draws over the page: what is shown was moved or made larger; the page itself is another picture.
  moved() {}

  drawn() {}

  tell() {
    const { width, height } = this.room.getBoundingClientRect();
    if (width >= 16 && height >= 16) this.send({ type: "size", width: Math.round(width), height: Math.round(height) });
  }

  async draw(data) {
    const header = new DataView(data, 0, HEADER_BYTES);
    const frame = header.getUint32(0), width = header.getUint16(4), height = header.getUint16(6);
    try {
      const picture = await createImageBitmap(new Blob([new Uint8Array(data, HEADER_BYTES)], { type: "image/jpeg" }));
      if (this.canvas.width !== picture.width || this.canvas.height !== picture.height)
        Object.assign(this.canvas, { width: picture.width, height: picture.height });
      this.context.drawImage(picture, 0, 0);
      picture.close();
      this.room.classList.add("filmed");
      this.drawn();
      if (width !== this.width || height !== this.height) {
        Object.assign(this, { width, height });
        this.fit();
      }
    } finally {
      this.send({ type: "drawn", frame });
    }
  }

  // From the window's px to the page's.
  toPage(clientX, clientY) {
    const box = this.canvas.getBoundingClientRect();
    const place = (at, size, whole) => Math.round(Math.min(Math.max((at / size) * whole, 0), whole - 1) * 10) / 10;
    return { x: place(clientX - box.left, box.width, this.width), y: place(clientY - box.top, box.height, this.height) };
  }

  // The nearest point of the page.
  within({ x, y }) {
    return { x: Math.min(Math.max(x, 0), this.width - 1), y: Math.min(Math.max(y, 0), this.height - 1) };
  }

  // From a box of the page to one within the room.
  toRoom([x, y, width, height]) {
    const box = this.canvas.getBoundingClientRect(), room = this.room.getBoundingClientRect();
    const across = box.width / this.width, down = box.height / this.height;
    return { left: box.left - room.left + x * across, top: box.top - room.top + y * down, width: width * across, height: height * down };
  }
}
