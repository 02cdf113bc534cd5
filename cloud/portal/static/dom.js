// Elements, made in one call. All text goes in as text.

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

/** An element with `is` (properties; `class` and `aria-…` and `data-…` too) and children (elements or text). */
export function make(name, is = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(is)) {
    if (key === "class") made.className = value;
    else if (key.includes("-") || key === "role") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** A sentence in which what stands between backticks is what one types. */
export const coded = (text) => text.split("`").map((part, place) => (place % 2 ? make("code", {}, part) : part));

/** A picture of `icons.svg`, for the eyes only. */
export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  picture.append(use);
  return picture;
}

/** "15:42", "Mon 15:42" or "3 Mar": when something was, as short as it stays clear. Takes UTC seconds. */
export function when(seconds, now = new Date()) {
  const then = new Date(seconds * 1000);
  const days = (now - then) / 86_400_000;
  const clock = then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (then.toDateString() === now.toDateString()) return clock;
  if (days < 6) return `${then.toLocaleDateString([], { weekday: "short" })} ${clock}`;
  return then.toLocaleDateString([], { day: "numeric", month: "short", year: days < 300 ? undefined : "numeric" });
}
