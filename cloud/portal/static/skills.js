// Skills: the sentence that starts each, its versions, what changed between them, going back.

import { call } from "./api.js";
import { byId, make } from "./dom.js";
import { SkillCard } from "./skill_card.js";
import { start } from "./shell.js";

async function load() {
  byId("skills-wrong").textContent = "";
  try {
    const { skills } = await call("/api/skills");
    const nothing = make("p", { class: "hint" }, "There are none yet. Teach one: do it once, and it can be said from then on.");
    byId("skills").replaceChildren(...(skills.length ? skills.map((skill) => new SkillCard(skill, load).element) : [nothing]));
  } catch (error) {
    byId("skills-wrong").textContent = error.message;
  }
}

start(load);
