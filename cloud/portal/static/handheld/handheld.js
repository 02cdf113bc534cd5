// This browser as a handheld: a key of its own, the link, a microphone and a speaker.

import { kept, pair, forget, signer } from "./key.js";
import { Link } from "./link.js";
import { missing, open } from "./microphone.js";
import { RATE_HZ, TURN_SAMPLES } from "./protocol.js";
import { Speaker } from "./speaker.js";
import { Uplink, hex } from "./uplink.js";

export class Handheld {
  #link = null;
  #uplink = null;
  #turn = 0;
  #held = false;
  #microphone = null;
  #end = null;
  #samples = 0;

  /** `on(event)` gets what the cloud tells, and `mode`, `level`, `trouble` and `socket` events of our own. */
  constructor(on) {
    this.on = on;
    this.speaker = new Speaker((say, samples) => this.#tell({ type: "played", say, samples, whole: true }));
    addEventListener("pagehide", () => {
      this.#uplink?.close();
      this.#uplink = null;
    });
  }

  /** Connects when this browser was paired before; asks for nothing. */
  async wake() {
    if (missing() || this.#uplink) return;
    const identity = await kept();
    if (identity) this.#connect(identity);
  }

  /** The button is down: silence, and listen. `ask`: the question on the screen, if one is. */
  async press(ask = "") {
    if (this.#held) return;
    const problem = missing();
    if (problem) return this.on({ type: "trouble", sentence: problem });
    this.#end?.();
    this.#held = true;
    this.hush();
    this.on({ type: "mode", mode: "opening" });
    try {
      this.speaker.wake();
      const microphone = await open((pcm) => this.#sound(pcm));
      if (!this.#held) {
        microphone.close();
        return this.on({ type: "mode", mode: "idle" });
      }
      this.#microphone = microphone;
      await this.#ready();
      if (!this.#held) return;
      this.#samples = 0;
      this.#turn = this.#link.startTurn({ ask });
      this.#uplink.dial();
      this.on({ type: "mode", mode: "listening" });
    } catch (error) {
      this.#stop();
      this.on({ type: "trouble", sentence: error.sentence ?? error.message });
    }
  }

  /** The button is up. */
  release({ truncated = false } = {}) {
    this.speaker.wake();
    if (!this.#held) return;
    const microphone = this.#microphone;
    if (!this.#turn || truncated) this.#stop();
    this.#held = false;
    this.#microphone = null;
    if (!this.#turn) return this.on({ type: "mode", mode: "idle" });
    this.on({ type: "mode", mode: "thinking" });
    // The last of what was said comes a moment later than the release; another press does not wait for it.
    const end = (this.#end = () => {
      if (this.#end !== end) return;
      this.#end = null;
      microphone.close();
      this.#link?.endTurn(this.#turn, { truncated });
      this.#turn = 0;
      this.#uplink?.flush();
    });
    if (truncated) return end();
    microphone.finish().then(end);
  }

  /** Silences what is being said. */
  hush() {
    for (const say of this.speaker.hush()) this.#link?.silence(say);
    this.#uplink?.flush();
  }

  get isConnected() {
    return Boolean(this.#link?.joined);
  }

  /** Stops a timer that rings. */
  stopRinging(timer) {
    this.speaker.ring(false);
    this.#tell({ type: "stop_ringing", timer });
  }

  #stop() {
    this.#held = false;
    this.#microphone?.close();
    this.#microphone = null;
  }

  #sound(pcm) {
    if (!this.#turn) return;
    this.#samples += pcm.length;
    this.#link.sendSound(this.#turn, pcm);
    this.#uplink.flush();
    if (!this.#held) return;
    const loudest = pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    this.on({ type: "level", level: Math.min(1, loudest / 12_000), heard_ms: (this.#samples * 1000) / RATE_HZ });
    if (this.#samples >= TURN_SAMPLES) this.release({ truncated: true });
  }

  async #ready() {
    if (this.#uplink) return;
    this.#connect((await kept()) ?? (await pair()));
  }

  #connect({ device, key }) {
    const boot = hex(crypto.getRandomValues(new Uint8Array(16)));
    this.#link = new Link({ device, boot, sign: signer(key) });
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.#uplink = new Uplink(this.#link, `${scheme}//${location.host}/device`, {
      onEvent: (event) => this.#take(event),
      onSocket: (isOpen, sentence, retry) => this.#socket(isOpen, sentence, retry),
    });
    this.#uplink.dial();
  }

  async #socket(isOpen, sentence, retry) {
    this.on({ type: "socket", open: isOpen, sentence });
    if (retry !== "unpaired") return;
    this.#uplink = this.#link = null;
    this.#turn = 0;
    await forget();
    this.on({ type: "trouble", sentence });
  }

  #take(event) {
    if (event.type === "sound") this.speaker.play(event.say, event.pcm);
    if (event.type === "say_end") this.speaker.finish(event.say);
    if (event.type === "stop_saying") this.speaker.hush(event.say ?? 0);
    if (event.type === "ring") this.speaker.ring(true);
    if (event.type === "ring_stop") this.speaker.ring(false);
    this.on(event);
  }

  #tell(message) {
    this.#link?.tell(message);
    this.#uplink?.flush();
  }
}
