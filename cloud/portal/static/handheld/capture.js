// In the audio thread: what the microphone hears, as 16 kHz, mono, signed 16 bit, in pieces of 20 ms. Any message to it
// says that the button is up: what there is of a piece comes then, and null.

const RATE_HZ = 16_000;
const PIECE = 320;

class Capture extends AudioWorkletProcessor {
  #piece = new Int16Array(PIECE);
  #filled = 0;
  #sum = 0;
  #count = 0;
  #phase = 0;
  #over = false;

  constructor() {
    super();
    this.port.onmessage = () => this.#finish();
  }

  process([[samples]]) {
    if (this.#over) return false;
    const step = RATE_HZ / sampleRate;
    for (const sample of samples ?? []) {
      // The mean of all samples that fall into one of ours: enough of a low-pass for speech.
      this.#sum += sample;
      this.#count += 1;
      this.#phase += step;
      if (this.#phase < 1 - 1e-9) continue;
      this.#phase -= 1;
      this.#add(this.#sum / this.#count);
      this.#sum = this.#count = 0;
    }
    return true;
  }

  #add(sample) {
    this.#piece[this.#filled] = Math.max(-1, Math.min(1, sample)) * 32_767;
    this.#filled += 1;
    if (this.#filled < PIECE) return;
    this.port.postMessage(this.#piece);
    this.#piece = new Int16Array(PIECE);
    this.#filled = 0;
  }

  #finish() {
    if (this.#over) return;
    this.#over = true;
    if (this.#filled) this.port.postMessage(this.#piece.slice(0, this.#filled));
    this.port.postMessage(null);
  }
}

registerProcessor("capture", Capture);
