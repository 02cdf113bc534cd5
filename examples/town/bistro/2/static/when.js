// The month as a table, one week a row.
const form = document.getElementById("reserve"), month = form.querySelector("table.month"), hours = form.querySelector(".hours");
const f = form.elements, noon = (iso) => new Date(`${iso}T12:00:00`), pad = (n) => String(n).padStart(2, "0");
const iso = (d) => `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}`;
const say = (d) => `${d.toLocaleDateString("en-GB", { weekday: "long" })} ${d.getDate()} ${d.toLocaleDateString("en-GB", { month: "long", year: "numeric" })}`;
const from = noon(form.dataset.from), until = noon(form.dataset.until);
let at = f.date.value ? noon(f.date.value) : new Date(from);

function draw() {
  const first = new Date(at.getFullYear(), at.getMonth(), 1, 12), body = month.tBodies[0];
  month.querySelector("caption b").textContent = first.toLocaleDateString("en-GB", { month: "long", year: "numeric" });
  const day = new Date(first);
  day.setDate(1 - ((first.getDay() + 6) % 7));
  body.replaceChildren();
  do {
    const row = body.insertRow();
    for (let column = 0; column < 7; column += 1, day.setDate(day.getDate() + 1)) {
      const cell = row.insertCell();
      if (day.getMonth() !== first.getMonth()) continue;
      const button = document.createElement("button"), mine = iso(day);
      button.type = "button";
      button.textContent = day.getDate();
      button.setAttribute("aria-label", say(day));
      button.disabled = day < from || day > until;
      cell.setAttribute("aria-selected", mine === f.date.value);
      window.truth?.(button, "day", mine);
      button.onclick = () => { f.date.value = mine; f.time.value = ""; draw(); ask(); };
      cell.append(button);
    }
  } while (day.getMonth() === first.getMonth());
  const number = (d) => d.getFullYear() * 12 + d.getMonth();
  form.querySelector(".earlier").disabled = number(at) <= number(from);
  form.querySelector(".later").disabled = number(at) >= number(until);
}

async function ask() {
  tell();
  if (!f.date.value) return;
  const wish = `${f.date.value}|${f.people.value}`;
  const slots = await (await fetch(`/times?date=${f.date.value}&people=${f.people.value}`)).json();
  if (wish !== `${f.date.value}|${f.people.value}`) return;
  hours.replaceChildren(...slots.map(({ time, why_not: why }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = time;
    button.disabled = Boolean(why);
    button.title = why;
    button.className = time === f.time.value ? "is-on" : "";
    window.truth?.(button, "time", time);
    button.onclick = () => { f.time.value = time; for (const each of hours.children) each.className = each === button ? "is-on" : ""; tell(); };
    return button;
  }));
}

function tell() {
  const words = f.date.value ? `${say(noon(f.date.value))}${f.time.value ? ` at ${f.time.value}` : ", and when?"}, ${f.people.value} ${f.people.value === "1" ? "person" : "people"}` : "Nothing chosen so far.";
  form.querySelector(".pick").textContent = words;
}
form.querySelector(".earlier").onclick = () => { at = new Date(at.getFullYear(), at.getMonth() - 1, 1, 12); draw(); };
form.querySelector(".later").onclick = () => { at = new Date(at.getFullYear(), at.getMonth() + 1, 1, 12); draw(); };
f.people.onchange = ask;
draw();
ask();
