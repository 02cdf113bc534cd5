const box = document.querySelector(".vl");
if (box) {
  // Only the rows in sight exist; the others come when they are scrolled to.
  const space = box.querySelector(".sp"), find = document.querySelector("[data-find]"), told = document.querySelector("[data-told]");
  const known = new Map(), popup = Object.assign(document.createElement("ul"), { className: "mn", hidden: true });
  document.body.append(popup);
  document.addEventListener("click", () => { popup.hidden = true; });
  let count = 0, turn = 0;
  const cell = (text) => Object.assign(document.createElement("div"), { textContent: text });
  function row(data, at) {
    const made = document.createElement("div"), hover = document.createElement("div");
    made.className = "vr";
    made.style.top = `${at * 44}px`;
    hover.className = "hv";
    const edit = Object.assign(document.createElement("span"), { textContent: "edit" }), away = Object.assign(document.createElement("span"), { textContent: "archive" });
    edit.onclick = () => { location.href = `/customers/${data.number}`; };
    away.onclick = async () => { if (confirm(`Archive ${data.name}?`)) { await fetch(`/customers/${data.number}/archive`, { method: "POST" }); begin(); } };
    made.ondblclick = edit.onclick;
    made.oncontextmenu = (event) => {
      event.preventDefault();
      popup.replaceChildren(...[["Edit", edit, "menu-edit"], ["Archive", away, "menu-archive"]].map(([text, same, truth]) => {
        const item = Object.assign(document.createElement("li"), { textContent: text, onclick: () => same.onclick() });
        window.truth?.(item, truth, data.number);
        return item;
      }));
      Object.assign(popup.style, { left: `${event.clientX}px`, top: `${event.clientY}px` });
      popup.hidden = false;
    };
    window.truth?.(made, "row", data.number);
    window.truth?.(edit, "edit", data.number);
    window.truth?.(away, "archive", data.number);
    hover.append(edit, away);
    made.append(cell(data.number), cell(data.name), cell(data.city), cell(data.stage), cell(data.spent), hover);
    return made;
  }
  async function draw() {
    const mine = turn, first = Math.max(0, Math.floor(box.scrollTop / 44) - 4), last = Math.min(count, first + Math.ceil(box.clientHeight / 44) + 8);
    const missing = [];
    for (let at = first; at < last; at += 1) if (!known.has(at)) missing.push(at);
    if (missing.length) await load(missing[0], mine);
    if (mine !== turn) return;
    space.replaceChildren(...[...Array(last - first).keys()].map((n) => n + first).filter((at) => known.has(at)).map((at) => row(known.get(at), at)));
  }
  async function load(from, mine) {
    const reply = await (await fetch(`/rows?from=${from}&q=${encodeURIComponent(find.value)}`)).json();
    if (mine !== turn) return;
    count = reply.count;
    reply.rows.forEach((data, place) => known.set(from + place, data));
  }
  async function begin() {
    turn += 1;
    const mine = turn;
    known.clear();
    box.scrollTop = 0;
    await load(0, mine);
    if (mine !== turn) return;
    space.style.height = `${count * 44}px`;
    told.textContent = `${count} entries`;
    draw();
  }
  box.onscroll = draw;
  find.oninput = begin;
  begin();
}
let held = null;
document.querySelectorAll(".bd li").forEach((card) => { card.draggable = true; card.ondragstart = (event) => { held = card; event.dataTransfer.setData("text", card.id); }; });
document.querySelectorAll(".bd ul").forEach((list) => {
  list.ondragover = (event) => { event.preventDefault(); list.className = "o"; };
  list.ondragleave = () => { list.className = ""; };
  list.ondrop = async (event) => {
    event.preventDefault();
    list.className = "";
    const over = event.target.closest("li"), rest = [...list.children].filter((each) => each !== held);
    list.insertBefore(held, over && over !== held ? over : null);
    await fetch(`/customers/${held.id}/move`, { method: "POST", body: new URLSearchParams({ stage: list.dataset.k, place: over ? rest.indexOf(over) : rest.length }) });
    document.querySelector("[data-said]").textContent = `${held.id} is ${list.dataset.k} now.`;
  };
});
