// What a run's figures and names are called, in lists and on its page.

export const STATUS = {
  queued: "waiting",
  running: "being done",
  done: "done",
  failed: "failed",
  refused: "refused",
  declined: "declined",
  expired: "no answer came",
  not_understood: "not understood",
  cancelled: "cancelled",
  unknown: "not sure",
  parked: "given up",
  skipped: "left out",
};

const BEGAN = { device: "by a device", portal: "in the portal", "command line": "on the command line", schedule: "by a schedule", studio: "in the studio" };
export const BEGINNINGS = Object.keys(BEGAN);

/** What began it: "by the device kitchen", "in the portal". */
export function begun(by, device, devices = {}) {
  return by === "device" && device ? `by ${devices[device] ?? device}` : (BEGAN[by] ?? by);
}

/** "0.4 s", "12 s", "3 min 5 s". */
export function lasted(ms) {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "12 kB", "12.5 MB", "2.0 GB". */
export function size(bytes) {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1000)} kB`;
  return bytes < 1_000_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}

/** The day and the time in full. */
export const moment = (seconds) => new Date(seconds * 1000).toLocaleString([], { dateStyle: "full", timeStyle: "medium" });

/** "order_pizza" as "Order pizza". */
export function named(tool) {
  const words = tool.replaceAll("_", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
