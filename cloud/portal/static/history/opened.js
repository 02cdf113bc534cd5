// A trace file that somebody sent: dropped on the page or chosen, checked by the cloud, shown from the file itself. It
// is shown as somebody else's, and nothing in it does anything.

import { Refused } from "../api.js";
import { byId, make } from "../dom.js";
import { StoryView } from "./story_view.js";
import { moment } from "./words.js";

const TYPE = "application/vnd.leveret.trace";
const MOST_BYTES = 24_000_000;

/** Opens what is chosen by the button, or dropped. `told` is given what is wrong. */
export function opened(button, field, told) {
  const take = async (file) => {
    told({ message: "" });
    try {
      show(file, await read(file));
    } catch (error) {
      told(error);
    }
  };
  button.onclick = () => field.click();
  field.onchange = () => {
    if (field.files[0]) take(field.files[0]);
    field.value = "";
  };
  const main = byId("main");
  const isFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    main.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && main.classList.remove("dropping"));
  document.addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    main.classList.remove("dropping");
    if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
}

async function read(file) {
  if (file.size > MOST_BYTES) throw new Refused("This file is larger than a trace ever is.", 413, "trace_refused");
  const answer = await fetch("/api/history/open", { method: "POST", headers: { "content-type": TYPE }, body: file }).catch(() => {
    throw new Refused("The cloud does not answer. See that it runs and that you are online, then try again.", 0, "away");
  });
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(data.error || `The cloud answered ${answer.status}.`, answer.status, data.code);
  return data;
}

/** Over the page, until it is closed. The pictures are cut out of the file itself. */
function show(file, { story, made, by, words, places }) {
  const addresses = new Map();
  const address = (name) => {
    if (!places[name]) return null;
    if (!addresses.has(name)) {
      const [offset, bytes] = places[name];
      addresses.set(name, URL.createObjectURL(file.slice(offset, offset + bytes, "image/jpeg")));
    }
    return addresses.get(name);
  };
  const view = new StoryView({
    picture: (number) => address(`pictures/${String(number).padStart(4, "0")}.jpg`),
    healed: (name) => address(`healed/${name}`),
    level: 2,
  });
  view.show(story);
  const dialog = make("dialog", { class: "viewer somebodys", "aria-label": "A trace file" });
  const close = make("button", { type: "button", class: "accent", onclick: () => dialog.close() }, "Close");
  dialog.append(
    make(
      "div",
      { class: "card somebody" },
      make("h2", {}, "This is from a file, not from your history"),
      make("p", {}, `It says that ${by} made it on ${moment(made)}, and of itself: “${words}”`),
      make("p", { class: "hint" }, "Whoever made it could have written anything into it. It is only shown: nothing in it can be run, and none of it is kept."),
      make("div", { class: "answers" }, close),
    ),
    view.element,
  );
  dialog.onclose = () => {
    for (const one of addresses.values()) URL.revokeObjectURL(one);
    dialog.remove();
  };
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}
