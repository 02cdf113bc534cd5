// What is kept of one turn until it is durable in the cloud, and how far it has been sent. Lane 0: messages of no turn.

export class Lane {
  #entries = []; // { data, samples }
  first = 1;
  toSend = 1;
  sent = 0;
  frames = 0;
  samples = 0;
  ended = false;
  aborted = false;

  constructor(turn) {
    this.turn = turn;
  }

  get last() {
    return this.first + this.#entries.length - 1;
  }

  get nextNumber() {
    return this.last + 1;
  }

  get samplesKept() {
    return this.#entries.reduce((sum, entry) => sum + entry.samples, 0);
  }

  get kept() {
    return { turn: this.turn, first: this.first, last: this.last };
  }

  /** Keeps a message with its number. */
  tell(message) {
    const turn = this.turn ? { turn: this.turn } : {};
    this.add(JSON.stringify({ ...message, ...turn, number: this.nextNumber }));
  }

  add(data, samples = 0) {
    this.#entries.push({ data, samples });
    this.samples += samples;
    this.frames += samples ? 1 : 0;
  }

  /** The next piece to send, or null; moves on. */
  next() {
    if (this.toSend > this.last) return null;
    const { data } = this.#entries[this.toSend - this.first];
    this.sent = Math.max(this.sent, this.toSend);
    this.toSend += 1;
    return data;
  }

  /** Everything up to `number` is durable. */
  discard(number) {
    const gone = Math.max(0, Math.min(number, this.last) - this.first + 1);
    this.#entries.splice(0, gone);
    this.first += gone;
    this.toSend = Math.max(this.toSend, this.first);
  }

  /** Sends again from `number`; false when that is gone. An aborted turn has only its abort to send. */
  goBack(number) {
    if (this.aborted) this.toSend = this.first;
    else if (number < this.first || number > this.nextNumber) return false;
    else this.toSend = number;
    return true;
  }

  /** Keeps nothing but the word that the turn is over. */
  abort(reason) {
    this.first = this.toSend = this.nextNumber;
    this.#entries = [];
    this.aborted = this.ended = true;
    this.tell({ type: "turn_abort", reason });
  }
}
