const form = document.querySelector("form[data-a]"), f = form.elements, parts = [...form.querySelectorAll("[data-p]")];
const noon = (iso) => new Date(`${iso}T12:00:00`), two = (n) => String(n).padStart(2, "0"), iso = (d) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
const a = noon(form.dataset.a), z = noon(form.dataset.z);
let at = f.date.value ? noon(f.date.value) : new Date(a);
const show = (n) => parts.forEach((part, index) => { part.hidden = index !== n; });
const make = (tag, cls, html) => Object.assign(document.createElement(tag), { className: cls, innerHTML: html });

function cells() {
  form.querySelector(".strip b").textContent = at.toLocaleDateString("en-GB", { month: "long", year: "numeric" });
  const day = new Date(at.getFullYear(), at.getMonth(), 1, 12), mine = day.getMonth(), box = form.querySelector(".cells");
  for (box.replaceChildren(); day.getMonth() === mine; day.setDate(day.getDate() + 1)) {
    const value = iso(day), off = day < a || day > z;
    const made = make("span", off ? "x" : value === f.date.value ? "on" : "", `<em style="font-style:normal">${day.getDate()}<small>${day.toLocaleDateString("en-GB", { weekday: "short" })}</small></em>`);
    window.truth?.(made, "day", value);
    made.onclick = () => { f.date.value = value; f.time.value = ""; cells(); hours(); show(2); };
    box.append(made);
  }
}
async function hours() {
  const box = form.querySelector(".hrs");
  box.replaceChildren();
  const slots = await (await fetch(`/times?date=${f.date.value}&people=${f.guests.value}`)).json();
  for (const { time, why_not: why } of slots) {
    const made = make("div", why ? "x" : "", `${time}<small>${why}</small>`);
    window.truth?.(made, "time", time);
    made.onclick = () => { f.time.value = time; show(3); };
    box.append(made);
  }
}
form.querySelectorAll("[data-to]").forEach((made) => { made.onclick = () => show(Number(made.dataset.to)); });
form.querySelectorAll("[data-m]").forEach((made) => { made.onclick = () => { at = new Date(at.getFullYear(), at.getMonth() + Number(made.dataset.m), 1, 12); cells(); }; });
cells();
show(form.querySelector(".why") ? 3 : 0);
