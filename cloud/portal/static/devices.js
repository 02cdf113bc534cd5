// Devices: what is paired, pairing, and taking a key back.

import { adding } from "./adding.js";
import { call } from "./api.js";
import { byId, make } from "./dom.js";
import { start } from "./shell.js";
import { ask } from "./sure.js";

async function load() {
  const { devices } = await call("/api/devices");
  const none = make("li", { class: "hint" }, "None is paired.");
  byId("devices").replaceChildren(...(devices.length ? devices.map(card) : [none]));
}

const DOES = { hears: "hearing", speaks: "speaking" };
const STATES = { waiting: "waits", fetching: "is fetched", loading: "is loaded", ready: "is ready, and taken when nobody talks", in_use: "is in use", given_up: "is not used" };

async function loadEngines() {
  const { hears, speaks, troubles, upgrades } = await call("/api/engines");
  const lines = [`It hears with ${hears} and speaks with ${speaks}.`, ...troubles];
  for (const one of upgrades.filter((one) => one.state !== "in_use")) {
    const part = one.state === "fetching" && one.total ? ` (${Math.floor((100 * one.received) / one.total)} %)` : "";
    lines.push(`For ${DOES[one.does]}, ${one.name} ${STATES[one.state]}${part}${one.reason ? `: ${one.reason}` : ""}.`);
  }
  byId("engines").replaceChildren(...lines.map((line) => make("p", { class: "hint" }, line)));
  // What is on its way is looked at again; what waits for its hub, seldom.
  if (upgrades.some((one) => ["fetching", "loading", "ready"].includes(one.state))) setTimeout(watchEngines, 2000);
  else if (troubles.length || upgrades.some((one) => one.state === "waiting")) setTimeout(watchEngines, 15000);
}

const watchEngines = () => loadEngines().catch(() => setTimeout(watchEngines, 15000));

function card(device) {
  const since = new Date(device.paired_at).toLocaleDateString([], { day: "numeric", month: "long", year: "numeric" });
  const revoke = make("button", { type: "button", "aria-label": `Revoke ${device.name}` }, "Revoke");
  const buttons = make("div", { class: "answers" }, revoke);
  const gone = () => attempt(() => call(`/api/devices/${device.id}`, "DELETE").then(load));
  revoke.onclick = () => ask(buttons, `Revoke “${device.name}”? It must be paired anew to be used again.`, "Yes, revoke it", gone);
  const state = device.frozen ? make("p", { class: "wrong" }, "Locked: somebody has a copy of it. Pair it again under the same name.") : make("p", { class: "hint" }, `paired on ${since}`);
  return make("li", { class: "card row" }, make("div", {}, make("strong", {}, device.name), state), buttons);
}

async function attempt(action, wrong = byId("devices-wrong")) {
  for (const id of ["devices-wrong", "pair-wrong"]) byId(id).textContent = "";
  try {
    await action();
  } catch (error) {
    wrong.textContent = error.message;
  }
}

byId("pair").onsubmit = (event) => {
  event.preventDefault();
  attempt(async () => {
    const made = await call("/api/devices", "POST", { name: byId("device-name").value.trim() });
    byId("device-name").value = "";
    const file = JSON.stringify({ device: made.id, key: made.key });
    byId("paired").replaceChildren(
      make("h2", {}, `${made.name} is paired`),
      make("p", {}, "This is its key file. It is shown once: put it onto the device, and nowhere else."),
      make("pre", { tabIndex: 0, "aria-label": "Key file" }, file),
      make("div", { class: "answers" }, copying(file), saving(made.name, file)),
    );
    byId("paired").hidden = false;
    await load();
  }, byId("pair-wrong"));
};

adding(load);

function copying(file) {
  const button = make("button", { type: "button" }, "Copy");
  button.onclick = () => navigator.clipboard.writeText(file).then(() => (button.textContent = "Copied"), () => (button.textContent = "Select it and copy it yourself"));
  return button;
}

function saving(name, file) {
  const address = URL.createObjectURL(new Blob([file], { type: "application/json" }));
  return make("a", { class: "button", href: address, download: `${name.toLowerCase().replace(/\W+/g, "-")}.key` }, "Save as a file");
}

start(() => Promise.all([load(), loadEngines()]));
