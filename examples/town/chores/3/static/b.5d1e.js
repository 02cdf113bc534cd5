// One screen: a virtual list to the left, the chosen one to the right. Nothing changes the address.
const $ = (q) => document.querySelector(q), H = 46, mark = (made, ...truth) => { window.truth?.(made, ...truth); return made; };
const call = async (path, method = "GET", data = null) => (await fetch(`/api/chores${path}`, data || method !== "GET" ? { method, body: data && new URLSearchParams(data) } : {})).json();
let seen = [], count = 0, mode = "open", run = 0, chosen = null;
async function fetchPiece(from) {
  const mine = run, reply = await call(`?show=${mode}&q=${encodeURIComponent($("#s").value)}&from=${from}`);
  if (mine !== run) return;
  count = reply.count;
  reply.chores.forEach((chore, at) => { seen[from + at] = chore; });
  $("#n").textContent = count;
  $("#p").style.height = `${count * H}px`;
}
async function paint() {
  const top = Math.max(0, Math.floor($("#l").scrollTop / H) - 3), end = Math.min(count, top + Math.ceil($("#l").clientHeight / H) + 6);
  for (let at = top; at < end; at += 1) if (!seen[at]) { await fetchPiece(at); break; }
  $("#p").replaceChildren(...seen.slice(top, end).map((chore, at) => {
    const row = mark(document.createElement("div"), "chore", chore.id), dot = mark(document.createElement("u"), "tick", chore.id);
    row.className = "rw" + (chosen === chore.id ? " on" : "");
    row.style.top = `${(top + at) * H}px`;
    dot.className = chore.done ? "d" : "";
    dot.onclick = async (event) => { event.stopPropagation(); await call(`/${chore.id}`, "POST", { done: chore.done ? "no" : "yes" }); begin(); };
    row.onclick = () => open(chore.id);
    row.append(dot, chore.title);
    return row;
  }));
}
async function begin() { run += 1; seen = []; await fetchPiece(0); await paint(); }
async function open(id) {
  chosen = id;
  const chore = await call(`/${id}`);
  $("#r").innerHTML = "<h3></h3><p></p><s></s><s></s>";
  const [flip, gone] = document.querySelectorAll("#r s");
  mark($("#r h3"), "title-read").textContent = chore.title;
  mark($("#r p"), "state").textContent = chore.done ? "done" : "open";
  mark(flip, "toggle").textContent = chore.done ? "reopen" : "check off";
  mark(gone, "delete").textContent = "drop";
  flip.onclick = async () => { await call(`/${id}`, "POST", { done: chore.done ? "no" : "yes" }); open(id); begin(); };
  gone.onclick = async () => { if (confirm("Drop it?")) { await call(`/${id}`, "DELETE"); $("#r").textContent = ""; begin(); } };
  paint();
}
$("#l").onscroll = paint;
$("#s").oninput = begin;
document.querySelectorAll("[data-m]").forEach((made) => { mark(made, "show", made.dataset.m); made.onclick = () => { mode = made.dataset.m; document.querySelectorAll("[data-m]").forEach((each) => each.classList.toggle("on", each === made)); begin(); }; });
$("#t").onkeydown = async (event) => {
  if (event.key !== "Enter") return;
  const made = await call("", "POST", { title: $("#t").value });
  if (made.problem) { $("#r").textContent = made.problem; return; }
  $("#t").value = "";
  await begin();
  open(made.id);
};
mark($("#s"), "search");
mark($("#t"), "title");
mark($("#n"), "count");
mark($("#l"), "scroller");
begin();
