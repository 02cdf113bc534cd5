// Home: say it or type it, and see what becomes of it.

import { call } from "./api.js";
import { byId, make } from "./dom.js";
import { asks, onEvent, start } from "./shell.js";
import { Bells, Talk } from "./talk.js";
import { TaskList } from "./task_list.js";

const SHOWN = 3;
const EXAMPLES = 5;
const tasks = new TaskList(byId("tasks"), { most: SHOWN, changed: (running, past) => (byId("nothing").hidden = running + past > 0) });
const talk = new Talk(() => asks.open);
const bells = new Bells(byId("bells"), (timer) => {
  if (talk.handheld.isConnected) talk.handheld.stopRinging(timer);
  else call("/api/say", "POST", { text: "stop ringing" });
});

start(async (known) => {
  await tasks.load(known.tasks.slice(0, 12));
  const { skills } = await call("/api/skills");
  const sentences = skills.map((skill) => skill.example).filter(Boolean).slice(0, EXAMPLES);
  byId("examples").replaceChildren(...sentences.map(chip));
  await talk.wake();
});
onEvent((event) => {
  tasks.take(event);
  bells.take(event);
});

function chip(sentence) {
  const fill = () => {
    byId("text").value = sentence;
    byId("text").focus();
  };
  return make("button", { type: "button", class: "chip", onclick: fill }, sentence);
}

const wanted = new URLSearchParams(location.search).get("say");
if (wanted) byId("text").value = wanted;

let saying = false;
byId("say").onsubmit = async (event) => {
  event.preventDefault();
  if (saying) return; // a second press is no second request
  saying = true;
  const text = byId("text").value.trim();
  byId("say-wrong").textContent = "";
  try {
    await call("/api/say", "POST", { text, ask: asks.open });
    byId("text").value = "";
  } catch (error) {
    byId("say-wrong").textContent = error.message;
  } finally {
    saying = false;
  }
};
