// Hash routes: #/ (list), #/new, #/chore/ID. Everything is drawn here.
const main = document.getElementById("app");
const make = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};
const ask = async (path, options) => (await fetch(`/api/chores${path}`, options)).json();
const state = { show: "open", words: "", count: 0, chores: [] };
const mark = (made, ...truth) => window.truth?.(made, ...truth) ?? made;

async function load(more) {
  const reply = await ask(`?show=${state.show}&q=${encodeURIComponent(state.words)}&from=${more ? state.chores.length : 0}`);
  state.count = reply.count;
  state.chores = more ? [...state.chores, ...reply.chores] : reply.chores;
}
function row(chore) {
  const box = mark(make("input", { type: "checkbox", checked: chore.done }), "tick", chore.id);
  box.setAttribute("aria-label", `Done: ${chore.title}`);
  box.onchange = async () => { await ask(`/${chore.id}`, { method: "POST", body: new URLSearchParams({ done: box.checked ? "yes" : "no" }) }); await list(); };
  return make("li", { className: chore.done ? "done" : "" }, box, mark(make("a", { href: `#/chore/${chore.id}`, textContent: chore.title }), "chore", chore.id));
}
async function list() {
  await load();
  const items = make("ul", { className: "items" }), count = mark(make("p", { className: "count" }), "count"), more = mark(make("button", { textContent: "Show more" }), "more");
  const draw = () => {
    count.textContent = `${state.count} ${state.count === 1 ? "chore" : "chores"}`;
    items.replaceChildren(...state.chores.map(row));
    more.hidden = state.chores.length >= state.count;
  };
  more.onclick = async () => { await load(true); draw(); };
  const find = mark(make("input", { type: "search", placeholder: "Search chores", value: state.words }), "search");
  find.setAttribute("aria-label", "Search chores");
  find.oninput = async () => { state.words = find.value; await load(); draw(); };
  const tabs = make("div", { className: "tabs" }, ...["all", "open", "done"].map((show) => {
    const tab = mark(make("button", { textContent: show[0].toUpperCase() + show.slice(1), className: show === state.show ? "on" : "" }), "show", show);
    tab.onclick = () => { state.show = show; list(); };
    return tab;
  }));
  draw();
  main.replaceChildren(make("header", {}, make("h1", { textContent: "Chores" }), mark(make("a", { href: "#/new", className: "go", textContent: "New chore" }), "new")), make("div", { className: "bar" }, find, tabs), count, items, more);
}
function fresh() {
  const title = mark(make("input", { id: "title" }), "title"), problem = make("p", { className: "why" });
  const form = make("form", {}, make("label", { htmlFor: "title", textContent: "What is to be done?" }), title, problem, mark(make("button", { textContent: "Add chore" }), "add"), " ", mark(make("a", { href: "#/", textContent: "Cancel" }), "cancel"));
  form.onsubmit = async (event) => {
    event.preventDefault();
    const reply = await ask("", { method: "POST", body: new URLSearchParams({ title: title.value }) });
    if (reply.problem) problem.textContent = reply.problem; else location.hash = `#/chore/${reply.id}`;
  };
  main.replaceChildren(make("h1", { textContent: "New chore" }), form);
  title.focus();
}
async function one(id) {
  const chore = await ask(`/${id}`);
  if (chore.problem) { main.replaceChildren(make("p", { textContent: chore.problem })); return; }
  const toggle = mark(make("button", { textContent: chore.done ? "Open again" : "Mark as done" }), "toggle");
  toggle.onclick = async () => { await ask(`/${id}`, { method: "POST", body: new URLSearchParams({ done: chore.done ? "no" : "yes" }) }); one(id); };
  const remove = mark(make("button", { textContent: "Delete", className: "plain" }), "delete");
  remove.onclick = async () => { if (confirm(`Delete “${chore.title}”?`)) { await ask(`/${id}`, { method: "DELETE" }); location.hash = "#/"; } };
  main.replaceChildren(mark(make("a", { href: "#/", textContent: "All chores" }), "back"), mark(make("h1", { textContent: chore.title }), "title-read"), mark(make("p", { textContent: chore.done ? "Done" : "Open" }), "state"), toggle, " ", remove);
}
function route() {
  const [, page = "", id] = location.hash.split("/");
  if (page === "new") fresh(); else if (page === "chore") one(id); else list();
}
window.onhashchange = route;
route();
