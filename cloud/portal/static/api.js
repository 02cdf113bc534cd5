// Talks to the cloud: calls, and the stream of what happens.

const AGAIN_MS = 2000;

/** An answer that is no success. `status` is HTTP's, `code` the cloud's own. */
export class Refused extends Error {
  constructor(message, status, code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

let aheadMs = 0; // by how much the cloud's clock is ahead of ours

/** The time by the cloud's clock, in UTC seconds. */
export const cloudNow = () => (Date.now() + aheadMs) / 1000;

/** Calls the API; returns its JSON. Throws Refused. Whoever is not signed in is told by "signed-out" on `document`. */
export async function call(path, method = "GET", body = undefined) {
  const given = body === undefined ? undefined : JSON.stringify(body);
  const headers = method === "GET" ? {} : { "content-type": "application/json" };
  const answer = await fetch(path, { method, headers, body: given }).catch(() => {
    throw new Refused("The cloud does not answer. See that it runs and that you are online, then try again.", 0, "away");
  });
  const date = Date.parse(answer.headers.get("date"));
  if (date) aheadMs = date + 500 - Date.now(); // it has whole seconds
  const data = await answer.json().catch(() => ({}));
  if (answer.status === 401) document.dispatchEvent(new Event("signed-out"));
  if (!answer.ok) throw new Refused(data.error || `The cloud answered ${answer.status}.`, answer.status, data.code);
  return data;
}

/** Tells `take` each event past the cursor, across lost connections, until the returned function is called. `away` is
 * told whether the cloud is out of reach. */
export function follow(cursor, take, away = () => {}) {
  let source = null;
  let over = false;
  let last = cursor;
  const open = () => {
    source = new EventSource(`/api/events?after=${last}`);
    source.onmessage = (message) => {
      const event = JSON.parse(message.data);
      last = event.cursor;
      take(event);
    };
    source.onopen = () => away(false);
    source.onerror = () => {
      if (!over) away(true);
      if (source.readyState !== EventSource.CLOSED || over) return;
      setTimeout(() => over || call("/api/me").then(open, (error) => error.status === 401 || source.onerror()), AGAIN_MS);
    };
  };
  open();
  return () => {
    over = true;
    source.close();
  };
}
