// The whole page: sign in, type a request, watch what happens, answer questions. All text goes in as text.

const byId = (id) => document.getElementById(id);
const tasks = new Map();
const asks = new Map();
// As on the device: a yes counts only once its question has stood still for a moment.
const SETTLE_MS = 700;
let shownAsks = "";
let stream = null;

async function call(path, method = "GET", body = undefined) {
  const answer = await fetch(path, {
    method,
    headers: body === undefined && method === "GET" ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const data = await answer.json().catch(() => ({}));
  if (answer.status === 401) signedOut();
  if (!answer.ok) throw new Error(data.error || `the cloud answered ${answer.status}`);
  return data;
}

function element(name, text = "", cls = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (cls) made.className = cls;
  return made;
}

function signedOut() {
  stream?.close();
  byId("signed-in").hidden = byId("sign-out").hidden = true;
  byId("sign-in").hidden = false;
  byId("token").focus();
}

async function signedIn() {
  const known = await call("/api/tasks");
  tasks.clear();
  asks.clear();
  for (const task of known.tasks.reverse()) tasks.set(task.id, { ...task, steps: [], frames: [] });
  for (const ask of (await call("/api/asks")).asks) asks.set(ask.ask, ask);
  byId("sign-in").hidden = true;
  byId("signed-in").hidden = byId("sign-out").hidden = false;
  draw();
  stream?.close();
  stream = new EventSource(`/api/events?after=${known.cursor}`);
  stream.onmessage = (message) => take(JSON.parse(message.data));
  byId("text").focus();
}

function take(event) {
  if (event.task && !tasks.has(event.task)) {
    tasks.set(event.task, { id: event.task, text: "", status: "running", sentence: "", steps: [], frames: [] });
  }
  const task = tasks.get(event.task);
  const data = event.data;
  if (event.kind === "heard" || event.kind === "corrected") task.text = data.text;
  if (event.kind === "step_started") task.steps.push(data.words);
  if (event.kind === "progress") task.steps.push(data.text);
  if (event.kind === "said") task.sentence = data.text;
  if (event.kind === "frame") task.frames.push(data.number);
  if (event.kind === "asked") asks.set(data.ask, { ...data, task: event.task });
  if (event.kind === "ask_closed") asks.delete(data.ask);
  if (event.kind === "task_done") Object.assign(task, { status: data.status, sentence: data.sentence });
  draw();
}

function askCard(ask) {
  const card = element("article", "", "ask");
  card.append(element("h2", ask.text));
  const list = element("dl");
  for (const row of ask.rows || []) list.append(element("dt", row[0] ?? row.label), element("dd", row[1] ?? row.value));
  const answers = element("div", "", "answers");
  const give = (words, value, cls = "") => {
    const button = element("button", words, cls);
    button.onclick = () => call(`/api/asks/${ask.ask}`, "POST", { digest: ask.digest, answer: value }).catch(alertWrong);
    answers.append(button);
  };
  if (ask.kind === "irreversible") give("Yes, do it", "yes", "yes");
  for (const choice of ask.choices || []) give(choice.text, choice.value);
  give("No", "no");
  card.append(list, answers);
  return card;
}

function taskCard(task) {
  const card = element("article");
  card.append(element("span", task.status, `status ${task.status}`), element("h2", task.text));
  if (task.sentence) card.append(element("p", task.sentence));
  if (task.steps.length) {
    const list = element("ul", "", "steps");
    for (const step of task.steps.slice(-4)) list.append(element("li", step));
    card.append(list);
  }
  if (task.frames.length) {
    const film = element("div", "", "film");
    for (const number of task.frames.slice(-12)) {
      const picture = element("img");
      picture.src = `/api/tasks/${task.id}/frames/${number}`;
      picture.alt = `the browser, picture ${number}`;
      film.append(picture);
    }
    card.append(film);
  }
  if (["queued", "running"].includes(task.status)) {
    const stop = element("button", "Cancel");
    stop.onclick = () => call(`/api/tasks/${task.id}/cancel`, "POST", {}).catch(alertWrong);
    card.append(stop);
  }
  return card;
}

function draw() {
  const open = [...asks.keys()].join(" ");
  if (open !== shownAsks) {
    shownAsks = open;
    byId("asks").replaceChildren(...[...asks.values()].map(askCard));
    for (const yes of byId("asks").querySelectorAll("button.yes")) {
      yes.disabled = true;
      setTimeout(() => (yes.disabled = false), SETTLE_MS);
    }
  }
  byId("tasks").replaceChildren(...[...tasks.values()].reverse().map(taskCard));
}

function alertWrong(error) {
  byId("say-wrong").textContent = error.message;
}

byId("sign-in").onsubmit = async (event) => {
  event.preventDefault();
  try {
    await call("/api/sign-in", "POST", { token: byId("token").value.trim() });
    byId("token").value = byId("sign-in-wrong").textContent = "";
    await signedIn();
  } catch (error) {
    byId("sign-in-wrong").textContent = error.message;
  }
};
byId("sign-out").onclick = () => call("/api/sign-out", "POST", {}).then(signedOut, signedOut);
byId("say").onsubmit = async (event) => {
  event.preventDefault();
  const text = byId("text").value.trim();
  byId("say-wrong").textContent = "";
  try {
    await call("/api/say", "POST", { text });
    byId("text").value = "";
  } catch (error) {
    alertWrong(error);
  }
};
signedIn().catch(signedOut);
