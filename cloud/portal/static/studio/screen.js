// The canvas: pictures of the remote page, as large as there is room, and where a point of it lies on the page.

const HEADER_BYTES = 8;
const SETTLE_MS = 120;

export class Screen {
  constructor(room, canvas, send) {
    Object.assign(this, { room, canvas, send, width: 1280, height: 800, drawing: false });
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
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.tell(), SETTLE_MS);
  }

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
