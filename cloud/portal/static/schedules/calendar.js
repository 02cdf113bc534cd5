// Five weeks as a small picture: a dot for each time, in the colour of its schedule.

import { make } from "../dom.js";

const WEEKS = 5;
const DAY_MS = 86_400_000;
const MOST_DOTS = 5;
export const TINTS = 6;

/** A table of the weeks from this one on. `schedules` hold `name` and `next`, whose walls are ISO days and times. */
export function calendar(schedules, now = new Date()) {
  const byDay = new Map();
  schedules.forEach((one, number) => {
    for (const each of one.next) {
      const day = each.wall.slice(0, 10);
      if (!byDay.has(day)) byDay.set(day, []);
      byDay.get(day).push({ tint: number % TINTS, time: each.wall.slice(11, 16), name: one.name });
    }
  });
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 12);
  const monday = new Date(today - ((today.getDay() + 6) % 7) * DAY_MS);
  const days = [...Array(7 * WEEKS).keys()].map((ahead) => new Date(monday.getTime() + ahead * DAY_MS));
  const head = make("tr", {}, ...days.slice(0, 7).map((day) => make("th", { scope: "col" }, day.toLocaleDateString([], { weekday: "short" }))));
  const rows = [...Array(WEEKS).keys()].map((week) => make("tr", {}, ...days.slice(7 * week, 7 * week + 7).map((day) => cell(day, today, byDay.get(iso(day)) || []))));
  return make("table", { class: "calendar" }, make("caption", { class: "quiet" }, "What is due in the coming five weeks"), make("thead", {}, head), make("tbody", {}, ...rows));
}

function cell(day, today, due) {
  due.sort((one, other) => one.time.localeCompare(other.time));
  const first = day.getDate() === 1 ? day.toLocaleDateString([], { day: "numeric", month: "short" }) : day.getDate();
  const told = due.map((one) => `${one.time} ${one.name}`);
  const dots = due.slice(0, MOST_DOTS).map((one) => make("span", { class: `dot tint-${one.tint}` }));
  if (due.length > MOST_DOTS) dots.push(make("span", { class: "more" }, `+${due.length - MOST_DOTS}`));
  const kind = day < today ? "past" : day.getTime() === today.getTime() ? "today" : "";
  const words = told.length ? make("span", { class: "quiet" }, `: ${told.join(", ")}`) : "";
  return make("td", { class: kind, title: told.join("\n") }, String(first), words, make("div", { class: "dots", "aria-hidden": "true" }, ...dots));
}

const two = (number) => String(number).padStart(2, "0");
const iso = (day) => `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
