// The microphone, open only while the button is held.

// What a browser does for calls bends speech: of its own recording a recogniser understands more. There is no echo, since
// whatever is being said stops when the button goes down.
const WANTED = { audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true } };

const STARTS_MS = 500;
// It is closed by then, whatever is still to come of what it captured before the release.
const TAIL_MS = 120;

/** Why there is no sound: `sentence` is for the person. */
export class NoMicrophone extends Error {
  constructor(sentence) {
    super(sentence);
    this.sentence = sentence;
  }
}

/** Whether this page could use a microphone at all; if not, the sentence that says why. */
export function missing() {
  if (!window.isSecureContext) return "A browser gives the microphone to this page only over https, or on the same machine.";
  if (!navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) return "This browser cannot record sound.";
  return "";
}

/**
 * Opens it; `onSound(Int16Array)` gets 20 ms after 20 ms. Resolves to two ways to close it: `close()`, at once, and
 * `finish()`, when all that it has captured until now has come. Throws NoMicrophone.
 */
export async function open(onSound) {
  const stream = await navigator.mediaDevices.getUserMedia(WANTED).catch((error) => {
    throw new NoMicrophone(reason(error));
  });
  const context = new AudioContext({ latencyHint: "playback" }); // larger pieces: nothing is lost on a busy machine
  await context.audioWorklet.addModule("/static/handheld/capture.js");
  const source = context.createMediaStreamSource(stream);
  const capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
  let over = () => {};
  capture.port.onmessage = ({ data }) => (data ? onSound(data) : over());
  source.connect(capture);
  const close = () => {
    if (!capture.port.onmessage) return;
    capture.port.onmessage = null;
    for (const track of stream.getTracks()) track.stop();
    context.close();
  };
  const finish = async () => {
    await new Promise((resolve) => {
      over = resolve;
      capture.port.postMessage("finish");
      setTimeout(resolve, TAIL_MS);
    });
    close();
  };
  // A finger that is still down is no permission to use sound yet, one that was lifted is.
  await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, STARTS_MS))]);
  if (context.state === "running") return { close, finish };
  close();
  throw new NoMicrophone("Ready. Hold the button once more, and speak.");
}

function reason(error) {
  if (error.name === "NotAllowedError") return "The microphone is not allowed here. Allow it in the browser's settings, or type.";
  if (error.name === "NotFoundError") return "There is no microphone. You can type instead.";
  return "The microphone cannot be used right now. You can type instead.";
}
