// Devices: what is paired, pairing, and taking a key back.

import { call } from "./api.js";
import { byId, make } from "./dom.js";
import { start } from "./shell.js";

async function load() {
  const { devices } = await call("/api/devices");
  const none = make("li", { class: "hint" }, "None is paired.");
  byId("devices").replaceChildren(...(devices.length ? devices.map(card) : [none]));
}

function card(device) {
  const since = new Date(device.paired_at).toLocaleDateString([], { day: "numeric", month: "long", year: "numeric" });
  const revoke = make("button", { type: "button", "aria-label": `Revoke ${device.name}` }, "Revoke");
  revoke.onclick = () => attempt(() => call(`/api/devices/${device.id}`, "DELETE").then(load));
  return make("li", { class: "card row" }, make("div", {}, make("strong", {}, device.name), make("p", { class: "hint" }, `paired on ${since}`)), revoke);
}

async function attempt(action) {
  byId("devices-wrong").textContent = "";
  try {
    await action();
  } catch (error) {
    byId("devices-wrong").textContent = error.message;
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
    );
    byId("paired").hidden = false;
    await load();
  });
};

start(load);
