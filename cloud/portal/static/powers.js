// What a skill may do, question by question.

import { make } from "./dom.js";

const FOLDED = new Set(["steps"]); // long, and for whoever wants to know
const ALWAYS = new Set(["acts", "types"]); // that there is nothing of it is worth saying, too

/** The elements for `powers` and `weaknesses` of the API. */
export function powersOf(powers, weaknesses = []) {
  const list = ({ key, lines, nothing }) =>
    lines.length
      ? make(key === "steps" ? "ol" : "ul", {}, ...lines.map((line) => make("li", {}, line)))
      : make("p", { class: "hint" }, nothing);
  const told = powers.filter(({ key, lines }) => lines.length || ALWAYS.has(key));
  const shown = told.map((one) =>
    FOLDED.has(one.key)
      ? make("details", {}, make("summary", {}, `${one.title} (${one.lines.length})`), list(one))
      : make("section", { class: `power ${one.key}` }, make("h3", {}, one.title), list(one)),
  );
  if (weaknesses.length) {
    const words = weaknesses.map(({ step, words: why }) => make("li", {}, step ? `${step}: ${why}` : why));
    shown.push(make("details", {}, make("summary", {}, `What is weak (${weaknesses.length})`), make("ul", {}, ...words)));
  }
  return make("div", { class: "powers" }, ...shown);
}
