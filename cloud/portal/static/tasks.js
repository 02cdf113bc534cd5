// Tasks: those being done now, then the past ones.

import { byId } from "./dom.js";
import { onEvent, start } from "./shell.js";
import { TaskList } from "./task_list.js";

const list = new TaskList(byId("tasks"), {
  running: byId("now"),
  changed: (running, past) => {
    byId("nothing").hidden = running > 0;
    byId("no-past").hidden = past > 0;
  },
});

start((known) => list.load(known.tasks));
onEvent((event) => list.take(event));
