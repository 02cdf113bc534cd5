// The frame with the seat map tells which seats are held.
const frame = document.querySelector("iframe[data-seats]");
window.addEventListener("message", (event) => {
  if (event.source !== frame.contentWindow) return;
  const { seats, total, problem } = event.data;
  document.querySelector("[data-held]").textContent = problem || (seats.length ? seats.join(", ") : "none yet");
  document.querySelector("[data-total]").textContent = total;
  const on = document.querySelector("[data-on]");
  if (seats.length) on.removeAttribute("aria-disabled"); else on.setAttribute("aria-disabled", "true");
});
