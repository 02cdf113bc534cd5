// What every page has: the sign-in form, signing out, the questions, and the stream of events.

import { call, follow } from "./api.js";
import { Asks } from "./asks.js";
import { byId, coded } from "./dom.js";

const AWAY_MS = 3000;
const takers = [];
let leaving = 0;
let load = async () => {};
let stop = () => {};
export let asks = null;

/** Runs `begin(known)` whenever somebody is signed in; `known` holds the newest tasks. Call it once a page. */
export function start(begin) {
  load = begin;
  asks = new Asks(byId("asks"));
  byId("sign-in").onsubmit = signIn;
  byId("sign-out").onclick = () => call("/api/sign-out", "POST", {}).then(signedOut, signedOut);
  document.addEventListener("signed-out", signedOut);
  call("/api/me").then(signedIn).catch((error) => error.status === 401 || wrong(error));
}

/** Tells `take` each event from now on. */
export function onEvent(take) {
  takers.push(take);
}

async function signedIn() {
  const wasAsked = byId("sign-in").contains(document.activeElement);
  const known = await call("/api/tasks");
  await asks.load();
  byId("sign-in").hidden = true;
  for (const id of ["signed-in", "nav", "sign-out"]) byId(id).hidden = false;
  document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  if (wasAsked) byId("main").focus();
  await load(known);
  stop();
  stop = follow(known.cursor, (event) => {
    asks.take(event);
    for (const take of takers) take(event);
  }, away);
}

/** A word on a connection that is lost for longer than it takes to come back by itself. */
function away(is) {
  clearTimeout(leaving);
  if (is) leaving = setTimeout(() => (byId("away").hidden = false), AWAY_MS);
  else byId("away").hidden = true;
}

function signedOut() {
  stop();
  away(false);
  for (const id of ["signed-in", "nav", "sign-out"]) byId(id).hidden = true;
  byId("sign-in").hidden = false;
  byId("token").focus();
}

function wrong(error) {
  signedOut();
  byId("sign-in-wrong").replaceChildren(...coded(error.message));
}

async function signIn(event) {
  event.preventDefault();
  try {
    await call("/api/sign-in", "POST", { token: byId("token").value.trim() });
    byId("token").value = byId("sign-in-wrong").textContent = "";
    await signedIn();
  } catch (error) {
    byId("sign-in-wrong").replaceChildren(...coded(error.message));
  }
}
