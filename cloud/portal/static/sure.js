// What cannot be taken back is asked once more, in place of its button.

import { make } from "./dom.js";

/** Asks in `place`; `act` is done on yes. On no, what stood there stands there again, with the focus where it was. */
export function ask(place, question, yes, act) {
  const kept = [...place.children], had = document.activeElement;
  const back = () => {
    place.replaceChildren(...kept);
    had?.focus();
  };
  const no = make("button", { type: "button", onclick: back }, "No, keep it");
  place.replaceChildren(make("p", {}, question), make("button", { type: "button", class: "accent", onclick: act }, yes), no);
  no.focus();
}
