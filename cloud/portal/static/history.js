// History: every run, found by words and by what it was; trace files of others; forgetting.

import { call } from "./api.js";
import { byId, make, when } from "./dom.js";
import { opened } from "./history/opened.js";
import { begun, BEGINNINGS, lasted, named, size, STATUS } from "./history/words.js";
import { onEvent, start } from "./shell.js";
import { ask } from "./sure.js";

const FIELDS = ["words", "since", "until", "tool", "status", "began_by", "device", "schedule"];
const AGAIN_MS = 700;
let next = 0;
let devices = {};
let waiting = 0;
let asked = 0;

/** What the form asks for, as the API takes it. A day begins and ends where the person is. */
function wanted() {
  const given = new URLSearchParams();
  for (const name of FIELDS) if (byId(name).value) given.set(name, byId(name).value);
  const day = (name, later) => {
    if (!given.has(name)) return;
    const [year, month, date] = given.get(name).split("-").map(Number);
    given.set(name, new Date(year, month - 1, date + later) / 1000);
  };
  day("since", 0);
  day("until", 1);
  return given;
}

async function load(older = false) {
  const mine = ++asked;
  const given = wanted();
  if (older) given.set("before", next);
  try {
    const found = await call(`/api/history?${given}`);
    if (mine === asked) draw(found, older);
    byId("history-wrong").textContent = "";
  } catch (error) {
    byId("history-wrong").textContent = error.message;
  }
}

function draw(found, older) {
  devices = found.devices;
  next = found.next;
  const items = found.runs.map(line);
  if (older) byId("runs").append(...items);
  else byId("runs").replaceChildren(...items);
  if (older) items[0]?.querySelector("a").focus();
  byId("older").hidden = !next;
  const narrowed = FIELDS.some((name) => byId(name).value);
  byId("none").hidden = byId("runs").childElementCount > 0;
  byId("none").textContent = narrowed ? "Nothing that fits." : "Nothing yet. What you ask for is told here once it has ended.";
  if (older) return;
  byId("under-way").replaceChildren(...found.under_way.map(going));
  byId("now").hidden = !found.under_way.length;
  options("device", Object.entries(devices));
  kept(found);
}

/** A run that has ended. */
function line(run) {
  const at = `/run?id=${encodeURIComponent(run.task)}`;
  const picture = run.picture
    ? make("img", { src: `/api/history/${encodeURIComponent(run.task)}/pictures/${run.picture}`, alt: "", loading: "lazy" })
    : make("span", { class: "no-picture", "aria-hidden": "true" });
  const told = [begun(run.began_by, run.device, devices), run.site, lasted((run.ended - run.began) * 1000)];
  if (run.healed) told.push("an element was found again");
  if (run.pictures && !run.picture) told.push("its pictures were removed");
  return make(
    "li",
    {},
    make(
      "a",
      { href: at, class: "card line-run" },
      picture,
      make(
        "div",
        {},
        make("header", {}, make("h3", {}, run.text || run.words || named(run.tool) || "…"), make("time", {}, when(run.began)), make("span", { class: `status ${run.status}` }, STATUS[run.status] ?? run.status)),
        make("p", { class: "sentence" }, run.sentence),
        make("p", { class: "hint" }, told.filter(Boolean).join(" · ")),
      ),
    ),
  );
}

/** A run that is being done. */
function going(run) {
  return make(
    "li",
    {},
    make(
      "a",
      { href: `/run?id=${encodeURIComponent(run.task)}`, class: "card line-run" },
      make("span", { class: "no-picture", "aria-hidden": "true" }),
      make(
        "div",
        {},
        make("header", {}, make("h3", {}, run.text || "…"), make("time", {}, when(run.began)), make("span", { class: `status ${run.status}` }, STATUS[run.status] ?? run.status)),
        make("p", { class: "sentence" }, run.now),
        make("p", { class: "hint" }, begun(run.began_by, run.device, devices)),
      ),
    ),
  );
}

/** For how long, and in how much room; and what can still be taken back. */
function kept({ kept: settings, hidden }) {
  const days = settings.keep_days ? `for ${settings.keep_days} days` : "for ever";
  const room = settings.pictures_mb
    ? `Their pictures take ${size(settings.used_bytes)} of at most ${size(settings.pictures_mb * 1e6)}; when there is no more room, those of the oldest runs go first.`
    : `Their pictures take ${size(settings.used_bytes)}.`;
  byId("kept").textContent = `Runs are kept ${days}. ${room}`;
  byId("notice").replaceChildren(...(hidden ? [takeBack(hidden)] : []));
}

function takeBack(count) {
  const words = count === 1 ? "One run is forgotten, and removed for good within ten minutes." : `${count} runs are forgotten, and removed for good within ten minutes.`;
  const back = make("button", { type: "button" }, "Take back");
  back.onclick = () => call("/api/history/take-back", "POST", { run: "" }).then(() => load(), told);
  return make("div", { class: "card row" }, make("p", {}, words), make("div", { class: "answers" }, back));
}

const told = (error) => (byId("history-wrong").textContent = error.message);

function forgetAll() {
  const kept = [...byId("forgetting").children];
  const act = async () => {
    await call("/api/history/forget", "POST", { everything: true }).catch(told);
    byId("forgetting").replaceChildren(...kept);
    await load();
    byId("notice").scrollIntoView({ block: "center" });
  };
  ask(byId("forgetting"), "Forget every run that has ended, with its pictures and what was said?", "Yes, forget everything", act);
}

/** Fills a choice, and keeps what was chosen. */
function options(name, pairs) {
  const select = byId(name), chosen = select.value || new URLSearchParams(location.search).get(name) || "";
  select.replaceChildren(select.firstElementChild, ...pairs.map(([value, words]) => make("option", { value }, words)));
  if (chosen && !pairs.some(([value]) => value === chosen)) select.append(make("option", { value: chosen }, chosen));
  select.value = chosen;
}

/** The search stands in the address, so that it can be kept and gone back to. */
function note() {
  const given = new URLSearchParams();
  for (const name of FIELDS) if (byId(name).value) given.set(name, byId(name).value);
  history.replaceState(null, "", given.size ? `?${given}` : location.pathname);
}

function look() {
  note();
  clearTimeout(waiting);
  load();
}

start(async () => {
  const given = new URLSearchParams(location.search);
  options("status", Object.entries(STATUS).filter(([name]) => !["queued", "running"].includes(name)));
  options("began_by", BEGINNINGS.map((name) => [name, begun(name)]));
  for (const name of ["words", "since", "until"]) byId(name).value = given.get(name) ?? "";
  byId("narrow").open = [...given.keys()].some((name) => name !== "words" && FIELDS.includes(name));
  const { tools } = await call("/api/tools");
  options("tool", tools.map(({ name, description }) => [name, description || named(name)]));
  options("device", []);
  const { schedules } = await call("/api/schedules");
  options("schedule", schedules.map(({ id, name, when: times }) => [id, [name, times].filter(Boolean).join(", ")]));
  await load();
});
onEvent(({ kind }) => {
  if (!["heard", "task_done"].includes(kind)) return;
  clearTimeout(waiting);
  // Its line is written a moment after it has ended.
  waiting = setTimeout(() => byId("older").dataset.used || load(), AGAIN_MS);
});
byId("find").onsubmit = (event) => {
  event.preventDefault();
  look();
};
byId("words").oninput = () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 250);
};
for (const name of FIELDS.slice(1)) byId(name).onchange = look;
byId("older").onclick = () => {
  byId("older").dataset.used = "yes"; // the pages that are shown stay as they are
  load(true);
};
byId("forget-all").onclick = forgetAll;
opened(byId("open"), byId("file"), told);
