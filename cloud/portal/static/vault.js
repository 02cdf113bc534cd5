// The vault: what is kept, by name, keeping and forgetting. A value goes in here and never comes out.

import { call } from "./api.js";
import { byId, make } from "./dom.js";
import { start } from "./shell.js";

const KINDS = { password: "Password", one_time_code: "One-time code", card: "Card number", text: "Text" };

async function load() {
  const { secrets } = await call("/api/vault");
  const none = make("li", { class: "hint" }, "Nothing is kept.");
  byId("secrets").replaceChildren(...(secrets.length ? secrets.map(card) : [none]));
  const { sites } = await call("/api/connections");
  const nowhere = make("li", { class: "hint" }, "None.");
  byId("sites").replaceChildren(...(sites.length ? sites.map(siteCard) : [nowhere]));
}

function siteCard(site) {
  const leave = make("button", { type: "button", "aria-label": `Sign out of ${site}` }, "Sign out");
  leave.onclick = () => attempt(() => call("/api/connections/forget", "POST", { site }).then(load));
  return make("li", { class: "card row" }, make("strong", {}, site.replace("https://", "")), leave);
}

function card({ name, kind, origins }) {
  const forget = make("button", { type: "button", "aria-label": `Forget ${name}` }, "Forget");
  forget.onclick = () => attempt(() => call(`/api/vault/${encodeURIComponent(name)}`, "DELETE").then(load));
  const about = `${KINDS[kind]}, for ${origins.map((origin) => origin.replace("https://", "")).join(", ")}`;
  return make("li", { class: "card row" }, make("div", {}, make("strong", {}, name), make("p", { class: "hint" }, about)), forget);
}

async function attempt(action) {
  byId("vault-wrong").textContent = "";
  try {
    await action();
  } catch (error) {
    byId("vault-wrong").textContent = error.message;
  }
}

byId("secret-kind").onchange = ({ target }) => {
  byId("secret-label").textContent = KINDS[target.value];
  byId("secret-hint").hidden = target.value !== "one_time_code";
};

byId("keep").onsubmit = (event) => {
  event.preventDefault();
  attempt(async () => {
    const origins = byId("secret-origins").value.split(/[\s,]+/).filter(Boolean);
    const given = { name: byId("secret-name").value.trim(), kind: byId("secret-kind").value, value: byId("secret-value").value };
    await call("/api/vault", "POST", { ...given, origins });
    byId("keep").reset();
    byId("secret-kind").onchange({ target: byId("secret-kind") });
    await load();
  });
};

start(load);
