// Lists: ticking, adding, putting in another order, undoing. What is said to a device shows here at once.

import { call } from "./api.js";
import { byId, icon, make } from "./dom.js";
import { onEvent, start } from "./shell.js";

const path = (...parts) => ["/api/lists", ...parts.map(encodeURIComponent)].join("/");

/** `focus`: what has the keyboard afterwards, as a selector. */
async function load(focus = "") {
  const { lists } = await call("/api/lists");
  const none = make("p", { class: "hint" }, "There is no list yet. Say “add milk to my shopping list”, or begin one below.");
  byId("lists").replaceChildren(...(lists.length ? lists.map(card) : [none]));
  if (focus) document.querySelector(focus)?.focus();
}

function card(list) {
  const open = list.lines.filter((line) => !line.done).length;
  const title = make("h2", { id: `title-${list.id}` }, `${list.name.charAt(0).toUpperCase()}${list.name.slice(1)}`);
  const count = make("span", { class: "status" }, open === list.lines.length ? `${open}` : `${open} of ${list.lines.length}`);
  const things = make("ul", { class: "things", "aria-labelledby": title.id });
  things.append(...list.lines.map((line, at) => row(list, line, at)));
  const field = make("input", { id: `add-${list.id}`, maxLength: 4000, autocomplete: "off", placeholder: list.name === "to-do" ? "call the dentist" : "milk, 6 eggs", "aria-label": `Add to ${list.name}` });
  const form = make("form", { class: "line" }, field, make("button", { class: "accent" }, "Add"));
  form.onsubmit = (event) => {
    event.preventDefault();
    if (!field.value.trim()) return;
    attempt(async () => {
      const { there } = await call(path(list.id, "lines"), "POST", { text: field.value });
      return there.length ? `On it already: ${there.join(", ")}.` : "";
    }, `#add-${CSS.escape(list.id)}`);
  };
  const clear = make("button", { type: "button" }, "Clear what is done");
  clear.disabled = open === list.lines.length;
  clear.onclick = () => attempt(() => call(path(list.id, "clear"), "POST", { done_only: true }).then(({ gone }) => `${gone} gone.`), "#undo");
  const away = make("button", { type: "button", "aria-label": `Take the ${list.name} list away` }, "Take the list away");
  away.onclick = () => attempt(() => call(path(list.id), "DELETE").then(() => `The ${list.name} list is gone.`), "#undo");
  return make("section", { class: "card", "aria-labelledby": title.id }, make("header", {}, title, count), things, form, make("div", { class: "answers" }, clear, away));
}

function row(list, line, at) {
  const address = path(list.id, "lines", line.id);
  const id = `line-${line.id}`;
  const box = make("input", { type: "checkbox", checked: line.done, id });
  box.onchange = () => attempt(() => call(address, "POST", { done: box.checked }).then(() => ""), `#${CSS.escape(id)}`);
  const words = make("label", { htmlFor: id }, box, make("span", {}, line.thing), line.amount ? make("span", { class: "amount" }, line.amount) : "");
  const move = (to, way) => {
    const button = make("button", { type: "button", class: way, "aria-label": `Move ${line.text} ${way}`, id: `${way}-${line.id}` }, icon("next"));
    button.disabled = to < 0 || to >= list.lines.length;
    button.onclick = () => attempt(() => call(address, "POST", { to }).then(() => ""), `#${CSS.escape(button.id)}:enabled, #${CSS.escape(id)}`);
    return button;
  };
  const drop = make("button", { type: "button", "aria-label": `Take ${line.text} off` }, icon("close"));
  drop.onclick = () => attempt(() => call(address, "DELETE").then(() => `“${line.text}” is off.`), "#undo");
  // Alt and an arrow move a thing from wherever the keyboard is in its row.
  const keys = (event) => {
    const to = { ArrowUp: at - 1, ArrowDown: at + 1 }[event.key];
    if (!event.altKey || to === undefined || to < 0 || to >= list.lines.length) return;
    event.preventDefault();
    attempt(() => call(address, "POST", { to }).then(() => ""), `#${CSS.escape(id)}`);
  };
  return make("li", { class: line.done ? "done" : "", onkeydown: keys }, words, move(at - 1, "up"), move(at + 1, "down"), drop);
}

/** Does something, says what came of it, and shows the lists as they are then. */
async function attempt(action, focus) {
  byId("lists-wrong").textContent = "";
  try {
    byId("lists-said").textContent = await action();
    await load(focus);
  } catch (error) {
    byId("lists-wrong").textContent = error.message;
  }
}

byId("undo").onclick = () =>
  attempt(async () => {
    const { undone } = await call("/api/undo", "POST", {});
    return undone ? `Undone: ${undone}.` : "There is nothing to undo.";
  }, "#undo");

byId("new-list").onsubmit = (event) => {
  event.preventDefault();
  attempt(async () => {
    await call("/api/lists", "POST", { name: byId("list-name").value });
    byId("new-list").reset();
    return "";
  }, "#list-name");
};

onEvent(({ kind }) => {
  // Nobody's typing is taken away: the lists are drawn anew when no field of theirs has words in it.
  const typing = [...document.querySelectorAll("#lists form input")].some((field) => field.value);
  if (kind === "task_done" && !typing) load(document.activeElement?.id ? `#${CSS.escape(document.activeElement.id)}` : "");
});
start(() => load());
