// Real addresses by the history; a piece of the page comes first, what belongs in it a little later.
const api = (path, body, method = "POST") => fetch(`/api/chores${path}`, body ? { method, body: new URLSearchParams(body) } : {}).then((reply) => reply.json());
const outlet = document.querySelector("#outlet"), mark = (made, ...truth) => { window.truth?.(made, ...truth); return made; };
const go = (path) => { history.pushState({}, "", path); show(); };
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-in]");
  if (link) { event.preventDefault(); go(link.getAttribute("href")); }
});
window.addEventListener("popstate", show);
const template = (html) => { outlet.innerHTML = html; return (name) => outlet.querySelector(`[data-n=${name}]`); };
const later = () => new Promise((done) => { setTimeout(done, 120); });
let filter = "open";

async function home() {
  const at = template(`<div class="head"><h2>Things to do</h2></div><form data-n="quick" class="quick"><input data-n="title" placeholder="Add something…" aria-label="What is to be done?"><button data-n="add">Add</button></form><div class="seg"><input data-n="find" placeholder="Search" aria-label="Search chores"><select data-n="show" aria-label="Show"><option value="open">To do</option><option value="done">Finished</option><option value="all">Everything</option></select></div><div class="ghost"></div><div data-n="rows"></div>`);
  for (const [name, ...truth] of [["title", "title"], ["add", "add"], ["find", "search"], ["show", "show"]]) mark(at(name), ...truth);
  at("show").value = filter;
  const load = async () => {
    const { count, chores } = await api(`?show=${filter}&q=${encodeURIComponent(at("find").value)}`);
    await later();
    if (!at("rows")) return;
    outlet.querySelector(".ghost").textContent = `${count} in total`;
    mark(outlet.querySelector(".ghost"), "count");
    at("rows").replaceChildren(...chores.map((chore) => {
      const row = document.createElement("div");
      row.className = `card ${chore.done ? "fin" : ""}`;
      const tick = mark(Object.assign(document.createElement("button"), { className: "tick", textContent: chore.done ? "✓" : "" }), "tick", chore.id);
      tick.setAttribute("role", "checkbox");
      tick.setAttribute("aria-checked", chore.done);
      tick.setAttribute("aria-label", chore.title);
      tick.onclick = async () => { await api(`/${chore.id}`, { done: chore.done ? "no" : "yes" }); load(); };
      const link = mark(Object.assign(document.createElement("a"), { href: `/chore/${chore.id}`, textContent: chore.title }), "chore", chore.id);
      link.dataset.in = "";
      row.append(tick, link);
      return row;
    }));
  };
  at("find").oninput = load;
  at("show").onchange = () => { filter = at("show").value; load(); };
  at("quick").onsubmit = async (event) => {
    event.preventDefault();
    const made = await api("", { title: at("title").value });
    if (made.problem) outlet.querySelector(".ghost").textContent = made.problem; else go(`/chore/${made.id}`);
  };
  load();
}
async function detail(id) {
  template(`<div class="card wait">One moment…</div>`);
  const chore = await api(`/${id}`);
  await later();
  const at = template(`<a data-in href="/" data-n="back">Back to all</a><div class="sheet"><h2 data-n="name"></h2><p data-n="state"></p><button data-n="toggle"></button> <button class="red" data-n="gone">Delete</button></div>`);
  at("name").textContent = chore.title ?? chore.problem;
  at("state").textContent = chore.done ? "Finished" : "To do";
  at("toggle").textContent = chore.done ? "Open again" : "Mark as done";
  for (const [name, truth] of [["name", "title-read"], ["state", "state"], ["toggle", "toggle"], ["gone", "delete"], ["back", "back"]]) mark(at(name), truth);
  at("toggle").onclick = async () => { await api(`/${id}`, { done: chore.done ? "no" : "yes" }); detail(id); };
  at("gone").onclick = async () => { if (confirm("Remove it?")) { await api(`/${id}`, { x: 1 }, "DELETE"); go("/"); } };
}
function show() {
  const [, page, id] = location.pathname.split("/");
  if (page === "chore") detail(id); else home();
}
show();
