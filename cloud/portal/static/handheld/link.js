// The browser's end of the link leveret.v1 (docs/protocol.md). No socket and no clock: it is fed what arrives, and asked
// what to send. It outlives its sockets, so that a turn can begin before there is one.

import { decodeSound } from "./frames.js";
import { Keeper } from "./keeper.js";
import { ACKNOWLEDGE_EVERY, Broken, CLOSES, HANDSHAKE_MS, OUR_FAULT, RESENDS, VERSION } from "./protocol.js";

// Somebody waits for an answer: so long may a link be silent then; until the pong, a few times as long.
const PROBE_MS = 1500;
const PROBE_MOST = 4;

export class Link extends Keeper {
  ended = null; // why this socket is over: { code, reason, retry, sentence, byPeer }
  #identity;
  #resume = null;
  #expected = 1;
  #silenced = new Set();
  #faults = 0;

  /** `identity`: { device, boot, sign(text) → promise of hex }. */
  constructor(identity) {
    super();
    this.#identity = identity;
    this.redialMost = 15_000;
    this.disconnect();
  }

  get joined() {
    return this.phase === "joined";
  }

  /** A socket is open: greet. `nonce`: 32 hex digits, fresh for every socket; `now`: milliseconds. */
  connect(nonce, now) {
    this.disconnect(now);
    this.phase = "greeted";
    this.nonce = nonce;
    this.#put({
      type: "hello",
      version_min: VERSION,
      version_max: VERSION,
      device: this.#identity.device,
      boot: this.#identity.boot,
      nonce,
      ...(this.#resume ? { resume: { token: this.#resume, received: this.#expected - 1 } } : {}),
      kept: [...this.lanes.values()].map((lane) => lane.kept),
      software: "leveret portal",
    });
  }

  /** The socket is gone. What is not durable is kept for the next one. */
  disconnect(now = 0) {
    this.phase = "away";
    this.ended = null;
    this.urgent = [];
    this.heardAt = this.pingedAt = now;
    this.pingEvery = Infinity;
    this.deadAfter = HANDSHAKE_MS;
    this.probedAt = Infinity;
    this.ackDue = false;
    this.sinceAck = this.askedFor = this.resends = 0;
  }

  /** Takes one frame, text or ArrayBuffer; resolves to what it means: messages, `sound`, `joined`, `ended`, … */
  async receive(data, now) {
    if (this.ended) return [];
    if (this.joined) this.heardAt = this.pingedAt = now;
    try {
      const events = typeof data === "string" ? await this.#take(parsed(data), now) : this.#takeSound(decodeSound(data));
      return [...events, ...this.lost.splice(0)];
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      return [this.#end(error.code, error.message)];
    }
  }

  /** Lets time pass: pings a quiet cloud, gives up a dead one. */
  tick(now) {
    if (this.ended || this.phase === "away") return [];
    const probeEnds = Math.min(Math.max(this.probedAt, this.heardAt) + PROBE_MS, this.probedAt + PROBE_MOST * PROBE_MS);
    if (now >= Math.min(this.heardAt + this.deadAfter, probeEnds)) return [this.#end("timeout", "nothing heard in time")];
    if (now - this.pingedAt >= this.pingEvery) {
      this.pingedAt = now;
      this.#put({ type: "ping", at_ms: Math.round(now) });
    }
    return [];
  }

  /** Somebody waits for the cloud: asks at once whether it is there; `tick` ends the link when it does not say. */
  probe(now) {
    if (!this.joined || this.ended || this.probedAt < Infinity) return;
    this.probedAt = this.pingedAt = Math.floor(now);
    this.#put({ type: "ping", at_ms: this.probedAt });
  }

  /** What to send now. */
  dataToSend() {
    const out = this.urgent.splice(0);
    if (!this.joined || this.ended) return out;
    if (this.ackDue) {
      out.push(JSON.stringify({ type: "received", number: this.#expected - 1 }));
      this.ackDue = false;
      this.sinceAck = 0;
    }
    for (const lane of this.lanes.values()) {
      for (let data = lane.next(); data !== null; data = lane.next()) out.push(data);
    }
    return out;
  }

  /** Nothing more of this utterance is heard. */
  silence(say) {
    this.#silenced.add(say);
    this.tell({ type: "silence", say });
  }

  /** This page is being closed. */
  bye() {
    if (this.joined && !this.ended) this.#put({ type: "bye" });
  }

  async #take(message, now) {
    switch (message.type) {
      case "close":
        return [this.#end(message.code, message.reason ?? "", true)];
      case "refused":
        return [this.#end(message.code, message.sentence ?? "", true)];
      case "ping":
        this.#put({ type: "pong", at_ms: message.at_ms });
        return [];
      case "pong":
        if (message.at_ms >= this.probedAt) this.probedAt = Infinity;
        return [];
      case "challenge":
        return this.#prove(message);
      case "welcome":
        return this.#join(message, now);
    }
    if (!this.joined) throw new Broken("out_of_order", `${message.type} before the handshake is through`);
    switch (message.type) {
      case "received":
        this.#checkKnown(message);
        return [];
      case "committed":
        return this.#commit(message.turn ?? 0, message.number);
      case "resend":
        this.#goBack(message.turn ?? 0, message.number);
        return [];
      case "withdrawn":
        if (this.#isDue(message.number)) this.#expected = message.through + 1;
        return [];
      default:
        return this.#told(message);
    }
  }

  async #prove(challenge) {
    if (this.phase !== "greeted") throw new Broken("out_of_order", "a challenge without a hello");
    if (challenge.version !== VERSION) throw new Broken("upgrade_required", `the cloud chose version ${challenge.version}`);
    this.cloudNonce = challenge.nonce;
    this.phase = "proven";
    this.#put({ type: "prove", mac: await this.#mac("device") });
    return [];
  }

  #mac(side) {
    const { device, boot, sign } = this.#identity;
    return sign(["leveret", side, VERSION, device, boot, this.nonce, this.cloudNonce].join("\n"));
  }

  async #join(welcome, now) {
    if (this.phase !== "proven") throw new Broken("out_of_order", "a welcome without a proof");
    if (welcome.mac !== (await this.#mac("cloud"))) throw new Broken("bad_proof", "the cloud does not hold this key");
    const next = welcome.next_number ?? 1;
    if (welcome.resumed && next !== this.#expected) throw new Broken("out_of_order", `resumed at ${next}`);
    this.phase = "joined";
    this.#expected = next;
    if (!welcome.resumed) this.#silenced.clear();
    this.#resume = welcome.token;
    this.heardAt = this.pingedAt = now;
    this.pingEvery = welcome.limits?.ping_every_ms ?? 10_000;
    this.deadAfter = welcome.limits?.dead_after_ms ?? 25_000;
    this.redialMost = welcome.limits?.redial_most_ms ?? 15_000;
    const events = [{ type: "joined", welcome }];
    for (const { turn, want, committed = 0 } of welcome.wanted ?? []) {
      events.push(...this.#commit(turn, Math.min(committed, this.lanes.get(turn)?.last ?? 0)));
      this.#goBack(turn, want);
    }
    return events;
  }

  #goBack(turn, number) {
    this.resends += 1;
    if (this.resends > RESENDS) throw new Broken("limit", `asked to resend over ${RESENDS} times on one socket`);
    const lane = this.lanes.get(turn);
    if (!lane || lane.goBack(number)) return;
    if (turn) this.giveUp(turn, "lost");
    else lane.goBack(lane.first);
  }

  #checkKnown({ turn = 0, number }) {
    const lane = this.lanes.get(turn);
    if (lane && number > lane.last) throw new Broken("out_of_order", `turn ${turn} acknowledged up to ${number}`);
    return lane;
  }

  #commit(turn, number) {
    const lane = this.#checkKnown({ turn, number });
    if (!lane) return [];
    if (number >= lane.first) this.#faults = 0;
    lane.discard(number);
    if (!turn || !lane.ended || lane.last >= lane.first) return [];
    this.lanes.delete(turn);
    return lane.aborted ? [] : [{ type: "turn_kept", turn }];
  }

  /** Whether this is the number that is due from the cloud. Counts it, and asks for what is missing. */
  #isDue(number) {
    if (number === this.#expected) {
      this.#expected += 1;
      this.sinceAck += 1;
      this.ackDue ||= this.sinceAck >= ACKNOWLEDGE_EVERY;
      return true;
    }
    if (number > this.#expected && this.askedFor !== this.#expected) {
      this.askedFor = this.#expected;
      this.#put({ type: "resend", number: this.#expected });
    }
    if (number < this.#expected) this.ackDue = true;
    return false;
  }

  #told(message) {
    if (!Number.isInteger(message.number)) {
      if (message.optional) return [];
      throw new Broken("bad_message", `a ${message.type} without a number`);
    }
    if (!this.#isDue(message.number)) return [];
    this.ackDue = true;
    return message.type.startsWith("say_") && this.#isUnheard(message) ? [] : [message];
  }

  #takeSound(frame) {
    if (!this.joined) throw new Broken("out_of_order", "sound before the handshake is through");
    return !this.#isDue(frame.number) || this.#isUnheard(frame) ? [] : [frame];
  }

  #isUnheard({ turn = 0, say }) {
    return (turn > 0 && turn < this.floor) || this.#silenced.has(say);
  }

  #put(message) {
    this.urgent.push(JSON.stringify(message));
  }

  #end(code, reason, byPeer = false) {
    const [, retry, sentence] = CLOSES[code] ?? CLOSES.internal;
    this.ended = { type: "ended", code, reason, retry, sentence, byPeer };
    if (byPeer && OUR_FAULT.has(code)) this.#dropWhatBroke();
    if (!byPeer) this.#put({ type: "close", code, reason: reason.slice(0, 120) });
    return this.ended;
  }

  /** Gives up the turns that were being sent; the second time in a row the messages of no turn, too. */
  #dropWhatBroke() {
    for (const lane of this.lanes.values()) if (lane.turn && lane.sent) this.giveUp(lane.turn, "lost");
    this.#faults += 1;
    const lane = this.lanes.get(0);
    if (this.#faults > 1) lane.discard(lane.last);
  }
}

function parsed(text) {
  try {
    const message = JSON.parse(text);
    if (typeof message?.type === "string") return message;
  } catch {
    // told below
  }
  throw new Broken("bad_message", "a text frame that is no message");
}
