// The studio: a live remote page, driven on a canvas.

import { call } from "./api.js";
import { byId, icon, make } from "./dom.js";
import { start } from "./shell.js";
import { Aim } from "./studio/aim.js";
import { Asked } from "./studio/asked.js";
import { Hands } from "./studio/hands.js";
import { Panel } from "./studio/panel.js";
import { Screen } from "./studio/screen.js";
import { Socket } from "./studio/socket.js";

const NEWS_MS = 8000;
const CURSORS = /^[a-z-]+$/;
const STATES = {
  connecting: "Connecting…",
  lost: "The connection is lost; trying again…",
  "signed-out": "Sign in first, then open the studio again.",
  "handed-back": "The task goes on without you. You may close this page.",
  "taken-over": "The studio was opened in another window.",
};

let place = { url: "", loading: true };
let quiet;
const socket = new Socket(`/studio/live${location.search}`, { heard, state, picture: (data) => screen.draw(data) });
const send = (message) => socket.send(message);
const screen = new Screen(byId("room"), byId("screen"), send);
const byTouch = matchMedia("(hover: none)").matches;
/** The keys go to the page; a finger's page has a button for that, since the keyboard hides half of it. */
const toPage = () => byId(!place.url ? "address" : byTouch ? "main" : "keys").focus({ preventScroll: true });
const asked = new Asked(screen, byId("room"), socket, { back: toPage, say });
const panel = new Panel(byId("panel"), send, { say, toPage });
if (new URLSearchParams(location.search).has("task")) panel.handOver();
panel.keep = async ({ name, value, kind }, origin) => value && call("/api/vault", "POST", { name, value, kind, origins: [origin] });
const aim = new Aim(screen, byId("aim"), send);
new Hands(screen, byId("keys"), { send, aim, leave: (back) => byId(back ? "address" : "panel").focus() });

function state(now) {
  byId("state").textContent = STATES[now] ?? "";
  byId("room").dataset.state = now;
  byId("again").hidden = now !== "taken-over";
  for (const part of byId("going").elements) if (part.type !== "button") part.disabled = now !== "open";
  if (now === "open") screen.tell();
  if (now === "handed-back") panel.parts.head.replaceChildren();
  if (now !== "open") {
    asked.clear();
    panel.saving = false;
  }
  drawEmpty();
}

function say(words) {
  byId("news").textContent = words;
  clearTimeout(quiet);
  quiet = setTimeout(() => (byId("news").textContent = ""), NEWS_MS);
}

function heard(message) {
  asked.heard(message);
  panel.heard(message);
  if (message.type === "lesson") {
    drawEmpty();
    aim.turn(!!message.picking);
  } else if (message.type === "aim") aim.heard(message);
  if (message.type === "tabs") drawTabs(message);
  else if (message.type === "place") drawPlace(message);
  else if (message.type === "cursor" && CURSORS.test(message.shape)) drawCursor(message.shape);
  else if (message.type === "copied") copied(message.text);
  else if (message.type === "refused") refused(message);
  else if (message.type === "over") say(message.why);
}

function drawCursor(shape) {
  byId("screen").style.cursor = shape;
  byId("type").classList.toggle("accent", shape === "text");
}

function refused({ why, address }) {
  if (!address) return say(why);
  byId("address").value = address;
  byId("address").focus();
  say(`${why}: press Enter in the address bar.`);
}

async function copied(text) {
  if (!text) return;
  try {
    await navigator.clipboard.writeText(text);
    say("Copied.");
  } catch {
    say("This browser does not let the page copy.");
  }
}

function drawPlace(now) {
  place = now;
  if (document.activeElement !== byId("address")) byId("address").value = now.url;
  byId("back").disabled = !now.back;
  byId("forward").disabled = !now.forward;
  byId("room").classList.toggle("loading", now.loading);
  drawEmpty();
}

/** What stands in place of a page as long as there is none. */
function drawEmpty() {
  const empty = !place.url && !place.loading && byId("room").dataset.state === "open";
  byId("room").classList.toggle("empty-tab", empty);
  byId("empty").hidden = !empty;
  byId("empty-title").textContent = panel.lesson?.takes.length ? "Now go where it is done" : "Where is it done?";
}

function drawTabs({ tab, tabs }) {
  const drawn = tabs.map((one) => {
    const name = one.title || one.url.replace(/^https?:\/\/|^about:blank$/, "") || "New tab";
    const show = make("button", { type: "button", class: "plain", onclick: () => send({ type: "tab", do: "show", tab: one.tab }) }, name);
    if (one.tab === tab) show.setAttribute("aria-current", "true");
    const close = make("button", { type: "button", class: "plain", "aria-label": `close ${name}` }, icon("close"));
    close.onclick = () => send({ type: "tab", do: "close", tab: one.tab });
    return make("span", { class: "tab" }, show, close);
  });
  const more = make("button", { type: "button", class: "plain", "aria-label": "open a tab" }, "+");
  more.onclick = () => send({ type: "tab", do: "open" });
  byId("tabs").replaceChildren(...drawn, more);
  if (!tab) drawPlace({ url: "", back: false, forward: false, loading: false });
}

byId("going").onsubmit = (event) => {
  event.preventDefault();
  send({ type: "go", address: byId("address").value });
  toPage();
};
for (const to of ["back", "forward", "reload"]) byId(to).onclick = () => send({ type: "walk", to });
const typing = (on) => byId("type").setAttribute("aria-pressed", String(on));
byId("keys").addEventListener("focus", () => typing(true));
byId("keys").addEventListener("blur", () => typing(false));
byId("type").onpointerdown = (event) => event.preventDefault(); // the focus stays where it is until the press is over
byId("type").onclick = () => (document.activeElement === byId("keys") ? byId("keys").blur() : byId("keys").focus({ preventScroll: true }));
byId("again").onclick = () => socket.open();
byId("empty-go").onclick = () => byId("address").focus();
byId("address").onkeydown = (event) => {
  if (event.key === "Escape") byId("address").value = place.url;
};

start(async () => socket.open());
document.addEventListener("signed-out", () => socket.close());
