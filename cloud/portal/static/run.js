// One run, told whole; it follows what happens while it is being done.

import { call } from "./api.js";
import { byId, make } from "./dom.js";
import { StoryView } from "./history/story_view.js";
import { saving } from "./history/saving.js";
import { onEvent, start } from "./shell.js";
import { ask } from "./sure.js";

const AGAIN_MS = 400;
const id = new URLSearchParams(location.search).get("id") ?? "";
const at = `/api/history/${encodeURIComponent(id)}`;
let view = null;
let waiting = 0;

async function load() {
  if (!id) return told({ message: "No run is named here. Choose one in the history." });
  try {
    const story = await call(at);
    if (view === null) {
      view = new StoryView({ picture: (number) => `${at}/pictures/${number}`, healed: (name) => `${at}/healed/${name}` });
      byId("run").replaceChildren(view.element);
      byId("title").hidden = true;
    }
    view.show(story);
    view.actions.replaceChildren(...(story.ended === undefined ? [cancel()] : [save(story), forget()]));
    byId("run-wrong").textContent = "";
  } catch (error) {
    byId("run-wrong").textContent = error.message;
    if (error.status !== 404) return;
    byId("run").replaceChildren();
    byId("title").hidden = false;
    view = null;
  }
}

const told = (error) => (byId("run-wrong").textContent = error.message);
const cancel = () => make("button", { type: "button", onclick: () => call(`/api/tasks/${encodeURIComponent(id)}/cancel`, "POST", {}).catch(told) }, "Cancel");
const save = (story) => make("button", { type: "button", onclick: () => saving(at, story) }, "Save as a trace file");

function forget() {
  const act = async () => {
    try {
      await call(`${at}/forget`, "POST", {});
    } catch (error) {
      told(error);
      await load();
      return;
    }
    byId("run").replaceChildren();
    byId("title").hidden = false;
    view = null;
    const back = make("button", { type: "button" }, "Take back");
    back.onclick = async () => {
      await call("/api/history/take-back", "POST", { run: id }).catch(told);
      byId("notice").replaceChildren();
      await load();
    };
    const words = "This run is forgotten. What is known of it is removed for good in ten minutes.";
    byId("notice").replaceChildren(make("div", { class: "card row" }, make("p", {}, words), make("div", { class: "answers" }, back)));
    back.focus();
  };
  const sure = () => ask(view.actions, "Forget this run, with its pictures and all that was said?", "Yes, forget it", act);
  return make("button", { type: "button", onclick: sure }, "Forget this run");
}

start(load);
onEvent((event) => {
  if (event.task !== id) return;
  clearTimeout(waiting);
  waiting = setTimeout(load, AGAIN_MS);
});
