// Cards are moved with the pointer, without the browser's own drag and drop.
let flying = null;
document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest("[data-c]");
  if (!card) return;
  event.preventDefault();
  flying = { card, ghost: card.cloneNode(true) };
  flying.ghost.className = "pc fly";
  delete flying.ghost.dataset.truth;
});
const lane = (event) => document.elementsFromPoint(event.clientX, event.clientY).map((each) => each.closest?.("[data-lane]")).find(Boolean);
document.addEventListener("pointermove", (event) => {
  if (!flying) return;
  document.body.append(flying.ghost);
  flying.ghost.style.left = `${event.clientX + 8}px`;
  flying.ghost.style.top = `${event.clientY + 8}px`;
  document.querySelectorAll("[data-lane]").forEach((each) => each.classList.toggle("in", each === lane(event)));
});
document.addEventListener("pointerup", async (event) => {
  if (!flying) return;
  const { card, ghost } = flying, target = lane(event);
  flying = null;
  ghost.remove();
  document.querySelectorAll("[data-lane]").forEach((each) => each.classList.remove("in"));
  if (!target) return;
  const cards = [...target.querySelectorAll("[data-c]")].filter((each) => each !== card);
  const after = cards.find((each) => event.clientY < each.getBoundingClientRect().top + each.offsetHeight / 2);
  target.insertBefore(card, after || null);
  await fetch(`/customers/${card.dataset.c}/move`, { method: "POST", body: new URLSearchParams({ stage: target.dataset.lane, place: after ? cards.indexOf(after) : cards.length }) });
  document.getElementById("said").textContent = `${card.dataset.c} is ${target.dataset.lane} now.`;
});
