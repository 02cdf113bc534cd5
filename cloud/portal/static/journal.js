// The journal: by day, searched, written, edited and deleted, each of which can be undone.

import { call } from "./api.js";
import { byId, make, when } from "./dom.js";
import { onEvent, start } from "./shell.js";

let first = null; // the earliest day that is shown, when there are earlier ones
let words = "";

/** The newest days, or those before the ones that are shown. */
async function load(more = false) {
  const query = words ? `?q=${encodeURIComponent(words)}` : more && first ? `?before=${first}` : "";
  const found = await call(`/api/journal${query}`);
  const days = found.days.map(day);
  if (more) byId("days").append(...days);
  else byId("days").replaceChildren(...(days.length ? days : [make("p", { class: "hint" }, words ? "Nothing has these words." : "Nothing is written yet.")]));
  first = found.earlier;
  byId("earlier").hidden = !first;
}

function day({ day: iso, entries }) {
  const title = new Date(`${iso}T12:00`).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  return make("section", { "aria-label": title }, make("h2", {}, title), ...entries.map(card));
}

function card(entry) {
  const address = `/api/journal/entries/${encodeURIComponent(entry.id)}`;
  const text = make("p", { class: "words" }, entry.text);
  const edit = make("button", { type: "button" }, "Edit");
  const gone = make("button", { type: "button" }, "Delete");
  const time = make("time", {}, `${when(entry.at)}${entry.edited ? ", edited" : ""}`);
  const made = make("article", { class: "card entry" }, make("header", {}, time), text, entry.picture ? make("img", { src: `${address}/picture`, alt: "The picture of this entry", loading: "lazy" }) : "", make("div", { class: "answers" }, edit, gone));
  gone.onclick = () => attempt(() => call(address, "DELETE").then(() => "The entry is deleted."), "undo");
  edit.onclick = () => {
    const field = make("textarea", { rows: Math.min(12, entry.text.split("\n").length + 2), maxLength: 20000, "aria-label": "The entry" });
    field.value = entry.text;
    const form = make("form", {}, field, make("div", { class: "answers" }, make("button", { class: "accent" }, "Save"), make("button", { type: "button", onclick: () => made.replaceWith(card(entry)) }, "Leave it")));
    form.onsubmit = (event) => {
      event.preventDefault();
      attempt(() => call(address, "POST", { text: field.value }).then(() => "Saved."), "undo");
    };
    made.replaceChildren(make("header", {}, time), form);
    field.focus();
  };
  return made;
}

/** Does something, says what came of it, and shows the days as they are then. */
async function attempt(action, focus) {
  byId("journal-wrong").textContent = "";
  try {
    byId("journal-said").textContent = await action();
    await load();
    byId(focus)?.focus();
  } catch (error) {
    byId("journal-wrong").textContent = error.message;
  }
}

byId("write").onsubmit = (event) => {
  event.preventDefault();
  attempt(async () => {
    await call("/api/journal", "POST", { text: byId("entry-text").value });
    byId("write").reset();
    return "It is written down.";
  }, "entry-text");
};

byId("search").onsubmit = (event) => {
  event.preventDefault();
  words = byId("search-words").value.trim();
  attempt(async () => "", "search-words");
};

byId("earlier").onclick = () => load(true);
byId("undo").onclick = () =>
  attempt(async () => {
    const { undone } = await call("/api/undo", "POST", {});
    return undone ? `Undone: ${undone}.` : "There is nothing to undo.";
  }, "undo");

onEvent(({ kind }) => kind === "task_done" && !document.querySelector(".entry textarea") && load());
start(() => load());
