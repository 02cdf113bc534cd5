// The turns of this browser and its messages of no turn, kept until they are durable in the cloud. Knows no socket.

import { Slicer, encodeSound } from "./frames.js";
import { Lane } from "./lane.js";
import { CONTROL_KEPT, KEPT_TURNS, TURN_SAMPLES } from "./protocol.js";

export class Keeper {
  lanes = new Map([[0, new Lane(0)]]);
  floor = 0; // sound of earlier turns is not heard any more
  recording = 0;
  lost = []; // turns that were given up, not yet told
  #turn = 0;
  #slicer = new Slicer(TURN_SAMPLES);

  /** Begins a turn and returns its number. What is said of earlier ones is not heard any more. */
  startTurn({ mode = "voice", ask = "" } = {}) {
    if (this.recording) this.endTurn(this.recording);
    const turn = (this.floor = this.recording = ++this.#turn);
    this.#makeRoomForTurn();
    const lane = new Lane(turn);
    this.lanes.set(turn, lane);
    this.#slicer = new Slicer(TURN_SAMPLES);
    lane.tell({ type: "turn_start", mode, ...(ask ? { ask } : {}) });
    return turn;
  }

  /** Adds sound: Int16Array at 16 kHz, any length. Beyond 60 s it is dropped; older turns that wait make room. */
  sendSound(turn, pcm) {
    const lane = this.#open(turn);
    if (!lane) return;
    for (const piece of this.#slicer.cut(pcm)) this.#addSound(lane, piece, false);
    this.#makeRoom(turn);
  }

  /** The button is up: the turn is whole. */
  endTurn(turn, { truncated = false } = {}) {
    const lane = this.#open(turn);
    if (!lane) return;
    const rest = this.#slicer.rest();
    if (rest) this.#addSound(lane, rest, true);
    lane.tell({ type: "turn_end", frames: lane.frames, samples: lane.samples, ...(truncated ? { truncated } : {}) });
    lane.ended = true;
    this.recording = 0;
  }

  /** Nothing of this turn counts, and what is said of it is not heard any more. */
  abortTurn(turn, reason = "person") {
    if (turn === this.recording) this.recording = 0;
    this.floor = Math.max(this.floor, turn + 1);
    const lane = this.lanes.get(turn);
    if (!lane || lane.aborted) return;
    if (lane.sent) lane.abort(reason);
    else this.lanes.delete(turn);
  }

  /** Sends a message of no turn, kept until it is durable. False when too many wait. */
  tell(message) {
    const lane = this.lanes.get(0);
    if (lane.last - lane.first + 1 >= CONTROL_KEPT) return false;
    lane.tell(message);
    return true;
  }

  giveUp(turn, reason) {
    this.abortTurn(turn, reason);
    this.lost.push({ type: "turn_lost", turn, reason });
  }

  #addSound(lane, [offset, pcm], last) {
    lane.add(encodeSound(lane.turn, lane.nextNumber, offset, pcm, last), pcm.length);
  }

  #open(turn) {
    return turn && turn === this.recording ? this.lanes.get(turn) : undefined;
  }

  #makeRoomForTurn() {
    const lanes = [...this.lanes.values()];
    const over = lanes.filter((lane) => lane.aborted);
    for (const lane of over.slice(0, Math.max(0, over.length - KEPT_TURNS + 1))) this.lanes.delete(lane.turn);
    const kept = lanes.filter((lane) => lane.turn && !lane.aborted);
    if (kept.length >= KEPT_TURNS) this.giveUp(kept[0].turn, "buffer_full");
  }

  #makeRoom(turn) {
    const lanes = () => [...this.lanes.values()].filter((lane) => lane.samplesKept);
    while (lanes().reduce((sum, lane) => sum + lane.samplesKept, 0) > TURN_SAMPLES) {
      const oldest = lanes().find((lane) => lane.turn !== turn);
      if (!oldest) return;
      this.giveUp(oldest.turn, "buffer_full");
    }
  }
}
