// What the remote page asks for and no picture shows: pickers of fields, files, dialogs. Drawn by this page.

import { make } from "../dom.js";

const MOST_FILES = 10, MOST_BYTES = 32 << 20;
const PIECE_BYTES = 64 << 10, MOST_WAITING_BYTES = 1 << 20;

export class Asked {
  constructor(screen, place, socket, { back, say }) {
    Object.assign(this, { screen, place, socket, back, say, open: new Map() });
  }

  heard(message) {
    if (message.type === "control") this.control(message);
    else if (message.type === "chooser") this.chooser(message);
    else if (message.type === "dialog") this.dialog(message);
    else if (message.type === "closed") this.closed(`${message.what} ${message.number}`);
  }

  closed(key) {
    const drawn = this.open.get(key);
    if (!drawn) return;
    this.open.delete(key);
    const had = drawn.contains(document.activeElement);
    drawn.remove();
    if (had) this.back();
  }

  clear() {
    for (const key of [...this.open.keys()]) this.closed(key);
  }

  keep(key, drawn) {
    this.closed(key);
    this.open.set(key, drawn);
  }

  // A select list, or a date, time or colour.

  control(asked) {
    const chosen = (values) => this.socket.send({ type: "choose", control: asked.control, values });
    const drawn = make("form", { class: "native", "aria-label": asked.label || asked.kind });
    const suggested = asked.kind === "suggestions";
    const field = suggested || asked.kind === "select" ? this.list(asked, suggested ? (picked) => chosen(picked && [asked.options[picked[0]].value]) : chosen)
      : this.picker(asked, drawn);
    drawn.prepend(field);
    drawn.onsubmit = (event) => { event.preventDefault(); if (!suggested) chosen([field.value]); };
    drawn.onkeydown = (event) => { if (event.key === "Escape") chosen(null); };
    this.keep(`control ${asked.control}`, drawn);
    this.place.append(drawn);
    this.put(drawn, asked.box);
    if (suggested && !asked.keys) {
      // The field on the page goes on being typed into.
      drawn.onpointerdown = (event) => event.preventDefault();
      return;
    }
    field.focus();
    if (asked.kind !== "select" && !suggested) try { field.showPicker(); } catch { /* it is there to be typed into */ }
  }

  list({ options, values, label }, chosen) {
    const lines = options.length + new Set(options.map(({ group }) => group).filter(Boolean)).size;
    const list = make("select", { size: Math.min(Math.max(lines, 2), 9), "aria-label": label || "choose" });
    const groups = new Map();
    options.forEach(({ text, group, disabled }, index) => {
      const option = make("option", { value: String(index), textContent: text, disabled, selected: values.includes(String(index)) });
      if (group && !groups.has(group)) { groups.set(group, make("optgroup", { label: group })); list.append(groups.get(group)); }
      (groups.get(group) ?? list).append(option);
    });
    list.onclick = (event) => { const option = event.target.closest("option"); if (option) chosen([option.value]); };
    list.onkeydown = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); chosen([list.value]); } };
    return list;
  }

  picker({ kind, values, min, max, step, label }, drawn) {
    const field = make("input", { type: kind, value: values[0] ?? "", min, max, step, "aria-label": label || kind });
    const cancel = make("button", { type: "button", textContent: "Cancel" });
    cancel.onclick = () => drawn.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    drawn.append(make("button", { class: "accent", textContent: "Set" }), cancel);
    return field;
  }

  put(drawn, box) {
    const at = this.screen.toRoom(box), room = this.screen.room.getBoundingClientRect();
    drawn.style.minWidth = `${Math.round(at.width)}px`;
    const left = Math.max(0, Math.min(at.left, room.width - drawn.offsetWidth));
    const below = at.top + at.height + drawn.offsetHeight <= room.height;
    drawn.style.left = `${Math.round(left)}px`;
    drawn.style.top = `${Math.round(Math.max(0, below ? at.top + at.height : at.top - drawn.offsetHeight))}px`;
  }

  // Files.

  chooser({ chooser, multiple }) {
    const picked = make("input", { type: "file", multiple, "aria-label": "files for the page" });
    const cancel = make("button", { type: "button", textContent: "Cancel" });
    cancel.onclick = () => this.socket.send({ type: "upload", chooser, files: [] });
    const bar = make("progress", { "aria-label": "How much is sent", max: 1, value: 0, hidden: true });
    const wrong = make("p", { class: "wrong", role: "alert" });
    picked.onchange = () => {
      const files = [...picked.files];
      const tooMuch = files.length > MOST_FILES || files.reduce((sum, { size }) => sum + size, 0) > MOST_BYTES;
      wrong.textContent = tooMuch ? `At most ${MOST_FILES} files, together ${MOST_BYTES >> 20} MB. Give fewer or smaller ones.` : "";
      if (tooMuch || !files.length) return;
      picked.hidden = true;
      bar.hidden = false;
      this.upload(chooser, files, bar).catch((error) => (wrong.textContent = error.message));
    };
    const title = make("p", { textContent: multiple ? "The page asks for files." : "The page asks for a file." });
    this.modal(`chooser ${chooser}`, [title, picked, bar, wrong, make("div", { class: "answers" }, cancel)], cancel);
  }

  async upload(chooser, files, bar) {
    const all = files.reduce((sum, { size }) => sum + size, 0) || 1;
    let sent = 0;
    this.socket.send({ type: "upload", chooser, files: files.map(({ name, size, type }) => ({ name, size, kind: type })) });
    for (const file of files)
      for (let at = 0; at < file.size; at += PIECE_BYTES) {
        while (this.socket.waiting > MOST_WAITING_BYTES) await new Promise((done) => setTimeout(done, 20));
        if (!bar.isConnected) return; // it was given up
        const piece = await file.slice(at, at + PIECE_BYTES).arrayBuffer();
        this.socket.sendBytes(piece);
        bar.value = Math.max(0, (sent += piece.byteLength) - this.socket.waiting) / all;
      }
  }

  // The page's own dialogs.

  dialog({ dialog, kind, message, text, site }) {
    const answer = (accept) => this.socket.send({ type: "answer", dialog, accept, text: field?.value ?? "" });
    const yes = make("button", { class: "accent", textContent: "OK" });
    const no = make("button", { type: "button", textContent: "Cancel" });
    const field = kind === "prompt" ? make("input", { value: text, "aria-label": message }) : null;
    yes.onclick = (event) => { event.preventDefault(); answer(true); };
    no.onclick = () => answer(false);
    const answers = make("div", { class: "answers" }, ...(kind === "alert" ? [yes] : [no, yes]));
    const said = make("p", { class: "said", textContent: message });
    const whose = make("p", { class: "hint", textContent: `${site || "The page"} says` });
    this.modal(`dialog ${dialog}`, [whose, said, ...(field ? [field] : []), answers], kind === "alert" ? yes : no);
  }

  modal(key, content, cancel) {
    const drawn = make("dialog", { class: "asked" }, make("form", { method: "dialog" }, ...content));
    drawn.oncancel = (event) => { event.preventDefault(); cancel.click(); };
    this.keep(key, drawn);
    this.place.append(drawn);
    drawn.showModal();
  }
}
