// Schedules: kept ones with their next times, a picture of the coming weeks, and the form that makes and changes them.

import { call } from "./api.js";
import { byId, make } from "./dom.js";
import { calendar } from "./schedules/calendar.js";
import { card } from "./schedules/card.js";
import { onEvent, start } from "./shell.js";

const TYPED_MS = 400;
let changing = null;
let typed = 0;
let asked = 0;
let again = 0;

async function load() {
  const { schedules } = await call("/api/schedules?next=400");
  const what = { changed: load, wrong, edit };
  const none = make("li", { class: "hint" }, "Nothing is scheduled yet.");
  byId("schedules").replaceChildren(...(schedules.length ? schedules.map((one, number) => card(one, number, what)) : [none]));
  byId("weeks").hidden = !schedules.some((one) => one.next.length);
  byId("calendar").replaceChildren(calendar(schedules));
}

const wrong = (text) => (byId("schedules-wrong").textContent = text);

async function loadDevices() {
  const { devices } = await call("/api/devices");
  byId("told-by").append(...devices.map((one) => make("option", { value: one.id }, one.name)));
  const zones = Intl.supportedValuesOf?.("timeZone") || [];
  byId("zones").append(...zones.map((zone) => make("option", { value: zone })));
}

/** What the form says, as the API takes it. */
function given() {
  const told = { text: byId("sentence").value.trim(), zone: byId("zone").value.trim(), device: byId("told-by").value };
  if (byId("overlap").value || changing) told.overlap = byId("overlap").value || "skip";
  for (const [name, key] of [["late", "late_s"], ["patience", "patience_s"]]) if (byId(name).value) told[key] = 60 * Number(byId(name).value);
  return told;
}

/** What it would be, as it is typed. */
async function preview() {
  const mine = ++asked;
  const told = given();
  if (!told.text) return byId("preview").replaceChildren();
  try {
    const would = await call("/api/schedules/preview", "POST", told);
    if (mine !== asked) return;
    byId("new-wrong").textContent = "";
    const does = would.effect === "irreversible" ? `${would.name}. It asks each time before it does what cannot be undone.` : `${would.name}.`;
    byId("preview").replaceChildren(
      make("p", {}, make("strong", {}, `${would.when[0].toUpperCase()}${would.when.slice(1)}: `), does),
      make("ul", { class: "times" }, ...would.next.map((each) => make("li", {}, each.words))),
      make("p", { class: "hint" }, `By the clock in ${would.in_zone}.`),
    );
  } catch (error) {
    if (mine === asked) byId("preview").replaceChildren(make("p", { class: "hint" }, error.message));
  }
}

function edit(one) {
  changing = one;
  byId("new-title").textContent = `Change “${one.name}”`;
  byId("keep").textContent = "Change it";
  byId("changing").hidden = false;
  byId("sentence").value = `${one.when}, ${one.text}`;
  byId("zone").value = one.zone;
  byId("overlap").value = one.overlap === "skip" ? "" : one.overlap;
  byId("late").value = Math.round(one.late_s / 60);
  byId("patience").value = Math.round(one.patience_s / 60);
  byId("told-by").value = one.device;
  byId("sentence").focus();
  preview();
}

function leave() {
  changing = null;
  byId("new").reset();
  byId("new-title").textContent = "A new one";
  byId("keep").textContent = "Keep it";
  byId("changing").hidden = true;
  byId("preview").replaceChildren();
  byId("new-wrong").textContent = "";
}

byId("sentence").oninput = () => {
  clearTimeout(typed);
  typed = setTimeout(preview, TYPED_MS);
};
for (const name of ["zone", "overlap", "late", "patience"]) byId(name).onchange = preview;
byId("leave").onclick = leave;
byId("new").onsubmit = async (event) => {
  event.preventDefault();
  clearTimeout(typed);
  byId("new-wrong").textContent = "";
  try {
    await call(changing ? `/api/schedules/${encodeURIComponent(changing.id)}` : "/api/schedules", "POST", given());
    asked += 1;
    leave();
    await load();
  } catch (error) {
    byId("new-wrong").textContent = error.message;
  }
};

// What a voice, a terminal or the time itself changed is seen here, too.
onEvent((event) => {
  if (event.kind !== "task_done" || document.activeElement?.closest("#schedules")) return;
  clearTimeout(again);
  again = setTimeout(load, TYPED_MS);
});

start(() => Promise.all([load(), loadDevices()]));
