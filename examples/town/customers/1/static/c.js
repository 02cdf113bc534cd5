const dialog = document.querySelector("dialog");
if (dialog) {
  const form = dialog.querySelector("form");
  for (const button of document.querySelectorAll("[data-edit]")) {
    button.onclick = () => {
      const row = button.closest("tr");
      form.action = `/customers/${row.dataset.number}?from=list`;
      for (const cell of row.querySelectorAll("[data-field]")) form.elements[cell.dataset.field].value = cell.textContent;
      dialog.showModal();
    };
  }
  dialog.querySelector("[data-close]").onclick = () => dialog.close();
  if (dialog.dataset.open) dialog.showModal();
}
let dragged = null;
for (const card of document.querySelectorAll("[draggable]")) {
  card.ondragstart = (event) => { dragged = card; event.dataTransfer.setData("text/plain", card.dataset.number); event.dataTransfer.effectAllowed = "move"; };
}
for (const column of document.querySelectorAll("[data-stage]")) {
  column.ondragover = (event) => { event.preventDefault(); column.classList.add("over"); };
  column.ondragleave = () => column.classList.remove("over");
  column.ondrop = async (event) => {
    event.preventDefault();
    column.classList.remove("over");
    const cards = [...column.querySelectorAll("[draggable]")].filter((each) => each !== dragged);
    const after = cards.find((each) => event.clientY < each.getBoundingClientRect().top + each.offsetHeight / 2);
    column.insertBefore(dragged, after || null);
    const body = new URLSearchParams({ stage: column.dataset.stage, place: after ? cards.indexOf(after) : cards.length });
    await fetch(`/customers/${dragged.dataset.number}/move`, { method: "POST", body });
    document.querySelector("[data-said]").textContent = `${dragged.dataset.number} is ${column.dataset.stage} now.`;
  };
}
