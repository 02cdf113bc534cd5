// The studio's socket: comes back by itself, tells who listens, and what it cannot send it drops.

const AGAIN_MS = [500, 1000, 2000, 4000, 8000];
// Closes after which coming back would be wrong: signed out, the task went on, or another window took over.
const FINAL = new Map([[4401, "signed-out"], [4404, "handed-back"], [4408, "handed-back"], [4409, "taken-over"]]);

export class Socket {
  constructor(path, { heard, picture, state }) {
    this.address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
    Object.assign(this, { heard, picture, state, tries: 0, socket: null });
  }

  open() {
    this.close();
    this.state("connecting");
    const socket = (this.socket = new WebSocket(this.address));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => { this.tries = 0; this.state("open"); };
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.heard(JSON.parse(data)) : this.picture(data));
    socket.onclose = ({ code }) => {
      if (FINAL.has(code)) return this.state(FINAL.get(code));
      this.state("lost");
      this.timer = setTimeout(() => this.open(), AGAIN_MS[Math.min(this.tries++, AGAIN_MS.length - 1)]);
    };
  }

  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  sendBytes(bytes) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(bytes);
  }

  get waiting() {
    return this.socket.bufferedAmount;
  }

  close() {
    clearTimeout(this.timer);
    if (!this.socket) return;
    this.socket.onclose = this.socket.onmessage = null;
    this.socket.close();
  }
}
