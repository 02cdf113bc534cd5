// Binary frames: a header of 24 bytes, then sound.

import { Broken, FRAME_SAMPLES } from "./protocol.js";

const HEADER = 24;
const UP = 1;
const DOWN = 2;
const LAST = 1;

/** A frame of sound from the microphone; `pcm` is an Int16Array. */
export function encodeSound(turn, number, offset, pcm, last = false) {
  const frame = new ArrayBuffer(HEADER + pcm.length * 2);
  const view = new DataView(frame);
  view.setUint8(0, 1);
  view.setUint8(1, UP);
  view.setUint16(2, last ? LAST : 0);
  view.setUint32(4, turn);
  view.setUint32(8, number);
  view.setUint32(16, offset);
  view.setUint32(20, pcm.length * 2);
  pcm.forEach((sample, place) => view.setInt16(HEADER + 2 * place, sample, true));
  return frame;
}

/** What the cloud says, in one frame. Throws Broken. */
export function decodeSound(frame) {
  const view = new DataView(frame);
  if (frame.byteLength < HEADER || view.getUint8(0) !== 1 || view.getUint8(1) !== DOWN) {
    throw new Broken("bad_frame", "a frame that is no sound to play");
  }
  const bytes = view.getUint32(20);
  if (bytes !== frame.byteLength - HEADER || bytes % 2 || bytes > 2 * FRAME_SAMPLES.most || view.getUint16(2) > LAST) {
    throw new Broken("bad_frame", `a frame that says ${bytes} bytes and has ${frame.byteLength - HEADER}`);
  }
  const pcm = new Int16Array(bytes / 2);
  for (let place = 0; place < pcm.length; place += 1) pcm[place] = view.getInt16(HEADER + 2 * place, true);
  return {
    type: "sound",
    turn: view.getUint32(4),
    number: view.getUint32(8),
    say: view.getUint32(12),
    offset: view.getUint32(16),
    last: view.getUint16(2) === LAST,
    pcm,
  };
}

/** Cuts a stream of samples into pieces of 20 to 60 ms, at most `most` samples in all. */
export class Slicer {
  #waiting = [];
  offset = 0;

  constructor(most) {
    this.most = most;
  }

  /** [offset, piece] for all that is long enough. */
  cut(pcm) {
    const room = this.most - this.offset;
    const data = Int16Array.from([...this.#waiting, ...pcm].slice(0, room));
    const pieces = [];
    let at = 0;
    while (data.length - at >= FRAME_SAMPLES.least) {
      const piece = data.slice(at, at + FRAME_SAMPLES.most);
      pieces.push([this.offset, piece]);
      this.offset += piece.length;
      at += piece.length;
    }
    this.#waiting = [...data.slice(at)];
    return pieces;
  }

  /** [offset, piece] of what is left, shorter than 20 ms; null for nothing. */
  rest() {
    const piece = Int16Array.from(this.#waiting);
    this.#waiting = [];
    if (!piece.length) return null;
    const offset = this.offset;
    this.offset += piece.length;
    return [offset, piece];
  }
}
