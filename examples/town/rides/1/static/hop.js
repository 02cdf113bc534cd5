// Suggestions while a place is typed; the clock of a price that runs out.
for (const field of document.querySelectorAll("[role=combobox]")) {
  const list = document.getElementById(field.getAttribute("aria-controls"));
  let asked = 0;
  const close = () => { list.hidden = true; field.setAttribute("aria-expanded", "false"); };
  const take = (option) => { field.value = option.dataset.title; close(); };
  field.addEventListener("input", async () => {
    const mine = (asked += 1);
    const places = await (await fetch(`/places?q=${encodeURIComponent(field.value)}`)).json();
    if (mine !== asked) return;
    list.replaceChildren(...places.map((place) => {
      const made = document.createElement("li");
      made.setAttribute("role", "option");
      made.dataset.title = place.title;
      made.textContent = place.title;
      made.append(Object.assign(document.createElement("small"), { textContent: place.street }));
      window.truth?.(made, "place", place.key);
      made.onclick = () => take(made);
      return made;
    }));
    list.hidden = !places.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
  });
  field.addEventListener("keydown", (event) => {
    const options = [...list.children], at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") close();
    if (event.key === "ArrowDown" && options.length) { event.preventDefault(); options.forEach((each, index) => each.setAttribute("aria-selected", String(index === (at + 1) % options.length))); }
    if (event.key === "Enter" && !list.hidden && at >= 0) { event.preventDefault(); take(options[at]); }
  });
}
const left = document.querySelector("[data-left]");
if (left) {
  const until = performance.now() + Number(left.dataset.left) * 1000;
  const tick = setInterval(() => {
    const seconds = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    left.textContent = seconds ? `Price holds for ${seconds} s` : "The price has expired";
    if (!seconds) clearInterval(tick);
  }, 500);
}
