// Pictures in large, one after the other: arrow keys and buttons turn, Escape closes.

import { icon, make } from "./dom.js";

/** Opens the pictures at these addresses, beginning at `place`; `words` say what each is. */
export function show(addresses, place, title, words = []) {
  let at = place;
  const picture = make("img", { alt: "" });
  const count = make("p", { class: "hint", role: "status" });
  const draw = () => {
    picture.src = addresses[at];
    picture.alt = words[at] ?? `The browser, picture ${at + 1} of ${addresses.length}`;
    count.textContent = [`${at + 1} of ${addresses.length}`, words[at]].filter(Boolean).join(" · ");
  };
  const turn = (by) => {
    at = (at + by + addresses.length) % addresses.length;
    draw();
  };
  const dialog = make("dialog", { class: "viewer", "aria-label": title });
  const button = (name, words, action) =>
    make("button", { type: "button", class: `plain ${name}`, "aria-label": words, onclick: action }, icon(name));
  dialog.append(
    make("header", {}, make("h2", {}, title), button("close", "Close", () => dialog.close())),
    picture,
    make("footer", { hidden: addresses.length < 2 }, button("back", "Picture before", () => turn(-1)), count, button("next", "Next picture", () => turn(1))),
  );
  dialog.querySelector(".back use").setAttribute("href", "/static/icons.svg#next");
  dialog.onkeydown = (event) => {
    if (event.key === "ArrowLeft") turn(-1);
    if (event.key === "ArrowRight") turn(1);
  };
  dialog.onclose = () => dialog.remove();
  draw();
  document.body.append(dialog);
  dialog.showModal();
}
