// Skills: the sentence that starts each, its versions, what changed between them, going back.

import { call } from "./api.js";
import { byId, make } from "./dom.js";
import { SkillCard } from "./skill_card.js";
import { start } from "./shell.js";

/** `again`: the skill that was changed just now. */
async function load(again = "") {
  byId("skills-wrong").textContent = "";
  try {
    const { skills } = await call("/api/skills");
    const nothing = make("p", { class: "hint" }, "There are none yet. Teach one: do it once, and it can be said from then on.");
    const cards = skills.map((skill) => new SkillCard(skill, load));
    byId("skills").replaceChildren(...(cards.length ? cards.map((card) => card.element) : [nothing]));
    if (again) cards.find((card) => card.skill.name === again)?.resume();
  } catch (error) {
    byId("skills-wrong").textContent = error.message;
  }
}

start(() => load());
