// Steps of one form, one at a time; a stepper for the number.
const steps = [...document.querySelectorAll("[data-s]")];
const dots = [...document.querySelectorAll(".p-9i li")];
function show(at) {
  steps.forEach((step, index) => { step.hidden = index !== at; });
  dots.forEach((dot, index) => dot.classList.toggle("o", index <= at));
  window.scrollTo(0, 0);
}
document.querySelectorAll("[data-go]").forEach((made) => made.addEventListener("click", () => show(Number(made.dataset.go))));
if (steps.length) show(Math.max(0, steps.findIndex((step) => step.querySelector(".z-5b"))));
document.querySelectorAll("[data-by]").forEach((made) => made.addEventListener("click", () => {
  const field = made.parentElement.querySelector("input");
  field.value = Math.min(Number(field.max), Math.max(Number(field.min), Number(field.value) + Number(made.dataset.by)));
}));
