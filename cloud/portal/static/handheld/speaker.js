// What is said: sound at 16 kHz played piece after piece, cut at once when it shall be silent, and what rings.

import { RATE_HZ } from "./protocol.js";

const AHEAD_S = 0.08;
const BELL_MS = 2500;

export class Speaker {
  #context = null;
  #sources = new Set();
  #at = 0; // where in the context's time the next piece begins
  #says = new Map(); // utterance -> { samples heard, pieces waiting, whole }
  #ringing = 0;

  /** `onPlayed(say, samples)`: all of an utterance has been heard. */
  constructor(onPlayed) {
    this.onPlayed = onPlayed;
  }

  /** Must be called from a press, down and up: a browser plays nothing before one. */
  wake() {
    this.#context ??= new AudioContext();
    this.#context.resume();
  }

  play(say, pcm) {
    if (!this.#context || !pcm.length) return;
    const buffer = this.#context.createBuffer(1, pcm.length, RATE_HZ);
    const channel = buffer.getChannelData(0);
    for (let place = 0; place < pcm.length; place += 1) channel[place] = pcm[place] / 32_768;
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#context.destination);
    this.#at = Math.max(this.#at, this.#context.currentTime + AHEAD_S);
    source.start(this.#at);
    this.#at += buffer.duration;
    source.say = say;
    this.#sources.add(source);
    this.#of(say).waiting += 1;
    source.onended = () => {
      if (!this.#sources.delete(source)) return;
      this.#of(say).waiting -= 1;
      this.#of(say).samples += pcm.length;
      this.#settle(say);
    };
  }

  /** The utterance has no more sound. */
  finish(say) {
    if (!this.#says.has(say)) return;
    this.#of(say).whole = true;
    this.#settle(say);
  }

  /** Silence, now, of one utterance or of all; returns those that were cut. */
  hush(say = 0) {
    const cut = [...this.#says.keys()].filter((one) => !say || one === say);
    for (const source of this.#sources) {
      if (!cut.includes(source.say)) continue;
      this.#sources.delete(source);
      source.stop();
    }
    for (const one of cut) this.#says.delete(one);
    if (!this.#sources.size) this.#at = 0;
    return cut;
  }

  /** A bell every so often, until told to stop. */
  ring(on) {
    clearInterval(this.#ringing);
    this.#ringing = 0;
    if (!on || !this.#context) return;
    this.#strike();
    this.#ringing = setInterval(() => this.#strike(), BELL_MS);
  }

  #of(say) {
    if (!this.#says.has(say)) this.#says.set(say, { samples: 0, waiting: 0, whole: false });
    return this.#says.get(say);
  }

  #settle(say) {
    const { samples, waiting, whole } = this.#of(say);
    if (!whole || waiting) return;
    this.#says.delete(say);
    this.onPlayed(say, samples);
  }

  #strike() {
    const { currentTime: now, destination } = this.#context;
    for (const [delay, pitch] of [[0, 880], [0.18, 1174.7]]) {
      const tone = new OscillatorNode(this.#context, { frequency: pitch });
      const loud = new GainNode(this.#context, { gain: 0 });
      loud.gain.setValueAtTime(0.25, now + delay);
      loud.gain.exponentialRampToValueAtTime(0.001, now + delay + 1.2);
      tone.connect(loud).connect(destination);
      tone.start(now + delay);
      tone.stop(now + delay + 1.2);
    }
  }
}
