// Saving a run as a trace file: what shall be in it is chosen, and said in a plain sentence before it is saved.

import { call } from "../api.js";
import { make } from "../dom.js";
import { size } from "./words.js";

/** Asks in a dialog; `at` is the run's address. */
export function saving(at, story) {
  const box = (name, words, hint) => {
    const input = make("input", { type: "checkbox", id: `with-${name}`, checked: true });
    return [input, make("div", { class: "check" }, input, make("label", { htmlFor: input.id }, words), make("p", { class: "hint" }, hint))];
  };
  const [values, valuesLine] = box("values", "What was said, typed, read and answered", "Without it the pictures stay out as well: they show what was typed.");
  const [pictures, picturesLine] = box("pictures", "Pictures of the pages", "They show all that stood there.");
  const words = make("p", { role: "status" });
  const wrong = make("p", { class: "wrong", role: "alert" });
  const save = make("a", { class: "button accent" }, "Save the file");
  const dialog = make("dialog", { class: "viewer saving", "aria-label": "Save as a trace file" });
  const address = () => `?values=${values.checked ? "yes" : "no"}&pictures=${pictures.checked ? "yes" : "no"}`;
  let asked = 0;
  const draw = async () => {
    const mine = ++asked;
    pictures.disabled = !values.checked;
    save.hidden = true;
    words.textContent = "Looking what would be in it…";
    try {
      const about = await call(`${at}/trace/about${address()}`);
      if (mine !== asked) return;
      words.textContent = `${about.words} (${size(about.bytes)})`;
      save.href = `${at}/trace${address()}`;
      save.download = about.name;
      save.hidden = false;
    } catch (error) {
      words.textContent = "";
      wrong.textContent = error.message;
    }
  };
  values.onchange = pictures.onchange = draw;
  save.onclick = () => setTimeout(() => dialog.close());
  dialog.append(
    make("h2", {}, "Save as a trace file"),
    make("p", { class: "hint" }, `“${story.text}” in one file, which opens in any Leveret and which you may send to somebody.`),
    valuesLine,
    picturesLine,
    words,
    wrong,
    make("div", { class: "answers" }, save, make("button", { type: "button", onclick: () => dialog.close() }, "Close")),
  );
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
  draw();
}
