// A month at a time; days are buttons named in full ("Monday 23 November 2026"), times come from the kitchen.
const form = document.querySelector("form.booking");
const days = form.querySelector(".days"), title = form.querySelector(".calendar h2");
const times = form.querySelector(".times"), chosen = form.querySelector(".chosen");
const { date: dateField, time: timeField, people } = form.elements;
const noon = (iso) => new Date(`${iso}T12:00:00`);
const iso = (day) => `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
const names = (day, parts) => new Intl.DateTimeFormat("en-GB", parts).format(day);
const fullName = (day) =>
  `${names(day, { weekday: "long" })} ${day.getDate()} ${names(day, { month: "long" })} ${day.getFullYear()}`;
const first = noon(form.dataset.today), last = noon(form.dataset.last);
let shown = new Date(dateField.value ? noon(dateField.value) : first);
let asked = 0;

function button(text, label, disabled, pressed) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (label) made.setAttribute("aria-label", label);
  made.disabled = disabled;
  made.setAttribute("aria-pressed", String(pressed));
  return made;
}

function drawMonth() {
  const start = new Date(shown.getFullYear(), shown.getMonth(), 1, 12);
  const count = new Date(shown.getFullYear(), shown.getMonth() + 1, 0).getDate();
  title.textContent = names(start, { month: "long", year: "numeric" });
  days.replaceChildren();
  for (let number = 1; number <= count; number += 1) {
    const day = new Date(start.getFullYear(), start.getMonth(), number, 12);
    const made = button(String(number), fullName(day), day < first || day > last, iso(day) === dateField.value);
    if (number === 1) made.style.gridColumnStart = ((day.getDay() + 6) % 7) + 1;
    if (iso(day) === form.dataset.today) made.classList.add("today");
    made.addEventListener("click", () => { dateField.value = iso(day); timeField.value = ""; drawMonth(); loadTimes(); });
    window.truth?.(made, "day", iso(day));
    days.append(made);
  }
  const month = (day) => day.getFullYear() * 12 + day.getMonth();
  form.querySelector('[data-turn="-1"]').disabled = month(start) <= month(first);
  form.querySelector('[data-turn="1"]').disabled = month(start) >= month(last);
}

function say() {
  const party = `${people.value} ${people.value === "1" ? "person" : "people"}`;
  if (!dateField.value) chosen.textContent = "No table chosen yet.";
  else if (!timeField.value) chosen.textContent = `${fullName(noon(dateField.value))}, ${party}. Choose a time.`;
  else chosen.textContent = `${fullName(noon(dateField.value))} at ${timeField.value}, ${party}`;
}

async function loadTimes() {
  say();
  if (!dateField.value) return;
  const mine = (asked += 1);
  times.setAttribute("aria-busy", "true");
  const reply = await fetch(`/times?date=${dateField.value}&people=${people.value}`);
  const slots = await reply.json();
  if (mine !== asked) return;
  if (slots.some((slot) => slot.time === timeField.value && slot.why_not)) timeField.value = "";
  times.replaceChildren(...slots.map((slot) => {
    const made = button(slot.time, "", Boolean(slot.why_not), slot.time === timeField.value);
    if (slot.why_not) made.append(Object.assign(document.createElement("small"), { textContent: ` ${slot.why_not}` }));
    window.truth?.(made, "time", slot.time);
    made.addEventListener("click", () => {
      timeField.value = slot.time;
      for (const other of times.children) other.setAttribute("aria-pressed", String(other === made));
      say();
    });
    return made;
  }));
  times.removeAttribute("aria-busy");
  say();
}

for (const turn of form.querySelectorAll("[data-turn]")) {
  turn.addEventListener("click", () => {
    shown = new Date(shown.getFullYear(), shown.getMonth() + Number(turn.dataset.turn), 1, 12);
    drawMonth();
  });
}
people.addEventListener("change", loadTimes);
drawMonth();
loadTimes();
