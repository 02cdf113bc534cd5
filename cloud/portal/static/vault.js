// The vault: what is kept, by name, keeping and forgetting. A value goes in here and never comes out.

import { call } from "./api.js";
import { byId, make } from "./dom.js";
import { start } from "./shell.js";
import { ask } from "./sure.js";

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
  leave.onclick = () => attempt(() => call("/api/connections/forget", "POST", { site }).then(load), `Signed out of ${site.replace("https://", "")}.`);
  return make("li", { class: "card row" }, make("strong", {}, site.replace("https://", "")), leave);
}

function card({ name, kind, origins }) {
  const change = make("button", { type: "button", "aria-label": `Change ${name}` }, "Change");
  change.onclick = () => fill({ name, kind, origins });
  const forget = make("button", { type: "button", "aria-label": `Forget ${name}` }, "Forget");
  const buttons = make("div", { class: "answers" }, change, forget);
  const gone = () => attempt(() => call(`/api/vault/${encodeURIComponent(name)}`, "DELETE").then(load), `“${name}” is forgotten.`);
  forget.onclick = () => ask(buttons, `Forget “${name}”? Skills that type it will ask you to sign in.`, "Yes, forget it", gone);
  const about = `${KINDS[kind]}, for ${origins.map((origin) => origin.replace("https://", "")).join(", ")}`;
  return make("li", { class: "card row" }, make("div", {}, make("strong", {}, name), make("p", { class: "hint" }, about)), buttons);
}

/** The form for a secret that is there already: its value goes in anew. */
function fill({ name, kind, origins }) {
  byId("secret-name").value = name;
  byId("secret-kind").value = kind;
  byId("secret-kind").onchange({ target: byId("secret-kind") });
  byId("secret-origins").value = origins.join(" ");
  say(`Type the new value of “${name}”, or other sites with its value. What is kept now is never shown.`);
  byId("secret-value").focus();
}

function say(words) {
  byId("vault-said").textContent = words;
}

/** `wrong`: where it is said that it did not work, near what was pressed. */
async function attempt(action, done = "", wrong = byId("vault-wrong")) {
  for (const id of ["vault-wrong", "keep-wrong"]) byId(id).textContent = "";
  say("");
  try {
    await action();
    say(done);
  } catch (error) {
    wrong.textContent = error.message;
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
  }, `“${byId("secret-name").value.trim()}” is kept.`, byId("keep-wrong"));
};

start(load);
