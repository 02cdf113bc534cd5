// The newest tasks, as cards that follow what happens. Those that run may stand in a place of their own.

import { TaskCard } from "./task_card.js";

export class TaskList {
  #cards = new Map();
  #place;
  #running;
  #most;
  #changed;

  /** `running`: where running tasks stand instead; `most`: how many past ones are shown at least at once. */
  constructor(place, { running = null, most = Infinity, changed = () => {} } = {}) {
    this.#place = place;
    this.#running = running ?? place;
    this.#most = most;
    this.#changed = changed;
  }

  /** `tasks`: newest first, as the API gives them. */
  async load(tasks) {
    for (const card of this.#cards.values()) card.element.remove();
    this.#cards.clear();
    for (const task of [...tasks].reverse()) this.#add(task);
    await Promise.all([...this.#cards.values()].filter((card) => card.isRunning).map((card) => card.load()));
    this.#prune();
  }

  take(event) {
    if (!event.task) return;
    const card = this.#cards.get(event.task) ?? this.#add({ id: event.task, created: event.at });
    card.take(event);
    if (event.kind === "task_done") this.#place.prepend(card.element);
    this.#prune();
  }

  #add(task) {
    const card = new TaskCard(task);
    this.#cards.set(task.id, card);
    (card.isRunning ? this.#running : this.#place).prepend(card.element);
    return card;
  }

  #prune() {
    const past = [...this.#cards].filter(([, card]) => !card.isRunning);
    for (const [id, card] of past.slice(0, Math.max(0, past.length - this.#most))) {
      card.element.remove();
      this.#cards.delete(id);
    }
    this.#changed(this.#cards.size - past.length, past.length);
  }
}
