// A seat is held on the server, and whoever shows this frame is told.
const map = document.querySelector("[data-event]");
map.addEventListener("click", async (event) => {
  const seat = event.target.closest("[data-seat]");
  if (!seat || seat.getAttribute("aria-disabled") === "true") return;
  const body = new URLSearchParams({ seat: seat.dataset.seat, visit: map.dataset.visit });
  const reply = await (await fetch(`/events/${map.dataset.event}/hold`, { method: "POST", body })).json();
  for (const each of map.querySelectorAll("[data-seat]")) each.setAttribute("aria-pressed", String((reply.seats || []).includes(each.dataset.seat)));
  parent.postMessage(reply, "*");
});
map.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.target.closest("[data-seat]")?.dispatchEvent(new MouseEvent("click", { bubbles: true })); } });
