const zone = document.querySelector("[data-drop]");
if (zone) {
  const file = zone.querySelector("input"), name = zone.querySelector("span");
  const tell = () => { name.textContent = file.files.length ? file.files[0].name : "Drop a picture here, or tap"; };
  file.onchange = tell;
  zone.ondragover = (event) => { event.preventDefault(); zone.classList.add("on"); };
  zone.ondragleave = () => zone.classList.remove("on");
  zone.ondrop = (event) => { event.preventDefault(); zone.classList.remove("on"); file.files = event.dataTransfer.files; tell(); };
  const parts = [...document.querySelectorAll("[data-s]")];
  document.querySelectorAll("[data-go]").forEach((made) => { made.onclick = () => parts.forEach((part, at) => { part.hidden = at !== Number(made.dataset.go); }); });
}
