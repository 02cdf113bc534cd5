document.querySelectorAll("[data-u]").forEach((made) => { made.onclick = () => { location.href = made.dataset.u; }; });
const boxes = document.querySelector("[data-code]");
if (boxes) {
  const each = [...boxes.querySelectorAll("input")];
  each.forEach((box, place) => {
    box.oninput = () => {
      const digits = box.value.replace(/\D/g, "").split("");
      digits.slice(0, each.length - place).forEach((digit, index) => { each[place + index].value = digit; });
      each[Math.min(place + digits.length, each.length - 1)].focus();
    };
  });
  boxes.closest("form").onsubmit = (event) => { event.target.elements.code.value = each.map((box) => box.value).join(""); };
}
const letter = document.querySelector("[data-letter]");
if (letter) {
  const sheet = letter.querySelector("iframe"), kept = letter.elements.body;
  const fill = () => { if (kept.value && sheet.contentDocument.body) sheet.contentDocument.body.innerText = kept.value; };
  sheet.onload = fill;
  letter.onsubmit = () => { kept.value = sheet.contentDocument.body.innerText; };
}
