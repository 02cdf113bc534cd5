// The socket under the link: dials, carries, dials again.

import { CLOSES, SUBPROTOCOL, closeName } from "./protocol.js";

const FIRST_MS = 500;
const FACTOR = 2;
const SLOW_MS = 60_000;
const TICK_MS = 1000;

/** Milliseconds to wait after so many failures in a row, at most what the cloud has said; `dice` is uniform in [0, 1). */
export function waitMs(tries, retry, dice, mostMs) {
  const ceiling = retry === "slowly" ? SLOW_MS : Math.min(mostMs, FIRST_MS * FACTOR ** Math.min(tries, 10));
  return ceiling * (0.5 + dice / 2);
}

export class Uplink {
  #socket = null;
  #tries = 0;
  #waiting = 0;
  #over = false;

  /** `onEvent(event)` gets what the link says; `onSocket(open, sentence)` whether there is a connection. */
  constructor(link, address, { onEvent, onSocket }) {
    this.link = link;
    this.address = address;
    this.onEvent = onEvent;
    this.onSocket = onSocket;
    this.ticking = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Somebody waits: dials, and not only when the back-off is over; where there is a socket, asks whether it lives. */
  dial() {
    if (this.#over) return;
    if (this.#socket) {
      this.link.probe(performance.now());
      return this.flush();
    }
    clearTimeout(this.#waiting);
    const socket = (this.#socket = new WebSocket(this.address, SUBPROTOCOL));
    socket.binaryType = "arraybuffer";
    let turn = Promise.resolve(); // one frame after the other, though each is taken asynchronously
    socket.onopen = () => {
      this.link.connect(hex(crypto.getRandomValues(new Uint8Array(16))), performance.now());
      this.flush();
    };
    socket.onmessage = ({ data }) => {
      turn = turn.then(async () => {
        if (this.#socket !== socket) return;
        for (const event of await this.link.receive(data, performance.now())) this.#take(event);
        this.flush();
      });
    };
    socket.onclose = ({ code }) => this.#socket === socket && turn.then(() => this.#closed(code));
  }

  /** The link may have something to send. */
  flush() {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    for (const data of this.link.dataToSend()) socket.send(data);
    const { ended } = this.link;
    if (ended) socket.close(CLOSES[ended.code]?.[0] ?? CLOSES.internal[0]);
  }

  /** For good. */
  close() {
    this.#over = true;
    clearInterval(this.ticking);
    clearTimeout(this.#waiting);
    this.link.bye();
    this.flush();
    this.#socket?.close(1000);
  }

  #take(event) {
    if (event.type === "joined") {
      this.#tries = 0;
      this.onSocket(true, "");
    }
    this.onEvent(event);
  }

  #tick() {
    for (const event of this.link.tick(performance.now())) this.#take(event);
    this.flush();
  }

  #closed(number) {
    const name = this.link.ended?.code ?? closeName(number);
    // A bare 1000 is a server that went away without a word: dial again.
    const [, retry, sentence] = CLOSES[name && name !== "goodbye" ? name : "going_away"];
    this.#socket = null;
    this.link.disconnect();
    if (this.#over) return;
    this.onSocket(false, sentence, retry);
    if (retry === "unpaired") return this.close();
    if (retry === "press") return;
    const waitedMs = waitMs(this.#tries++, retry, Math.random(), this.link.redialMost);
    this.#waiting = setTimeout(() => this.dial(), waitedMs);
  }
}

export function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
