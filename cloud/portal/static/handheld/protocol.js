// The constants of docs/protocol.md that a browser needs, and how a link ends.

export const VERSION = 1;
export const SUBPROTOCOL = "leveret.v1";
export const RATE_HZ = 16_000;
export const FRAME_SAMPLES = { least: 320, most: 960 };
export const TURN_SAMPLES = 960_000;
export const KEPT_TURNS = 8;
export const CONTROL_KEPT = 256;
export const ACKNOWLEDGE_EVERY = 16;
export const RESENDS = 256;
export const HANDSHAKE_MS = 10_000;

// name: [WebSocket close code, what to do next, what to show]. `press`: two tabs that both dialled again would put one
// another out for ever, so the one that is spoken to next does.
export const CLOSES = {
  goodbye: [1000, "never", "Switched off."],
  going_away: [1001, "reconnect", "One moment, reconnecting."],
  upgrade_required: [4001, "slowly", "This page is too old. Reload it."],
  unpaired: [4002, "unpaired", "This browser is not paired any more. Hold the button to pair it again."],
  bad_proof: [4003, "unpaired", "The cloud and this browser do not trust one another. Hold the button to pair it again."],
  bad_message: [4004, "reconnect", "A message was garbled. Reconnecting."],
  bad_frame: [4005, "reconnect", "A piece of sound was garbled. Reconnecting."],
  unknown_message: [4006, "reconnect", "This page and the cloud are of different ages. Reload it."],
  out_of_order: [4007, "reconnect", "A message came out of turn. Reconnecting."],
  limit: [4008, "reconnect", "Something was too big to send. Reconnecting."],
  timeout: [4009, "reconnect", "The connection went quiet. Reconnecting."],
  replaced: [4010, "press", "You speak in another tab. Hold the button to speak here."],
  busy: [4011, "reconnect", "The cloud is busy. Trying again."],
  internal: [4012, "reconnect", "Something went wrong in the cloud. Reconnecting."],
  frozen: [4013, "unpaired", "A copy of this browser's key was used. Hold the button to pair it again."],
};
// Closed by the cloud with one of these, it was something that we sent: sending it again would only break the next link.
export const OUR_FAULT = new Set(["bad_message", "bad_frame", "unknown_message", "out_of_order", "limit"]);

/** The name of a WebSocket close code, or "". */
export function closeName(number) {
  return Object.keys(CLOSES).find((name) => CLOSES[name][0] === number) ?? "";
}

/** Whoever breaks a rule of the protocol: `code` is the name of the close code. */
export class Broken extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}
