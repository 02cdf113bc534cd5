const box = document.querySelector("[data-filter]");
if (box) {
  const rows = [...document.querySelectorAll("[data-row]")], sort = document.querySelector("[data-sort]"), count = document.querySelector("[data-count]");
  const draw = () => {
    const words = box.value.toLowerCase().split(/\s+/);
    rows.sort((a, b) => a.dataset[sort.value].localeCompare(b.dataset[sort.value])).forEach((row) => {
      row.className = words.every((word) => row.textContent.toLowerCase().includes(word)) ? "" : "h";
      row.parentNode.append(row);
    });
    count.textContent = `${rows.filter((row) => !row.className).length} on sale`;
  };
  box.oninput = draw;
  sort.onchange = draw;
  draw();
}
document.querySelectorAll("[data-open]").forEach((made) => { made.onclick = () => { location.href = made.dataset.open; }; });
