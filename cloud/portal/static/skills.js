// Skills: the sentence that starts each, its versions, what changed between them, going back.

import { call } from "./api.js";
import { Bringing } from "./bringing.js";
import { byId, make, when } from "./dom.js";
import { SkillCard } from "./skill_card.js";
import { ask } from "./sure.js";
import { start } from "./shell.js";

/** `again`: the skill that was changed just now. */
async function load(again = "") {
  byId("skills-wrong").textContent = "";
  try {
    const { skills, removed } = await call("/api/skills");
    const nothing = make("p", { class: "hint" }, "There are none yet. Teach one: do it once, and it can be said from then on.");
    const cards = skills.map((skill) => new SkillCard(skill, load));
    byId("skills").replaceChildren(...(cards.length ? cards.map((card) => card.element) : [nothing]));
    byId("removed").replaceChildren(...removed.map(gone));
    byId("removed").parentElement.hidden = !removed.length;
    if (again) cards.find((card) => card.skill.name === again)?.resume();
  } catch (error) {
    byId("skills-wrong").textContent = error.message;
  }
}

/** A skill that was removed and can be brought back. */
function gone({ name, at, until, versions }) {
  const wrong = make("p", { class: "wrong", role: "alert" });
  const act = (path, again) => async () => {
    try {
      await call(`/api/skills/${name}/${path}`, "POST", {});
      load(again);
    } catch (error) {
      wrong.textContent = error.message;
    }
  };
  const answers = make("div", { class: "answers" });
  const forget = () => ask(answers, `Forget ${name} for good?`, "Yes, forget it", act("forget", ""));
  answers.append(
    make("button", { type: "button", onclick: act("restore", name) }, "Bring it back"),
    make("button", { type: "button", class: "plain", onclick: forget }, "Forget it now"),
  );
  const words = `removed ${when(at)}, ${versions} version${versions === 1 ? "" : "s"}, kept until ${new Date(until * 1000).toLocaleDateString([], { day: "numeric", month: "short" })}`;
  return make("li", { class: "card row" }, make("p", {}, make("strong", {}, name), ` ${words}`), answers, wrong);
}

/** A skill made of others: one sentence that asks for it, and what it does, as one would say it. */
byId("chain").onsubmit = async (event) => {
  event.preventDefault();
  const { say, does } = event.target.elements;
  byId("skills-wrong").textContent = "";
  try {
    const { name } = await call("/api/chains", "POST", { say: say.value, does: does.value });
    event.target.reset();
    byId("chaining").open = false;
    load(name);
  } catch (error) {
    byId("skills-wrong").textContent = error.message;
  }
};

const bringing = new Bringing((name) => load(name));
byId("bringing").replaceWith(bringing.element);
byId("bring").onclick = () => bringing.open();
start(() => load());
