// What the two peers that run in Node share: the cases by their pages, the pages in turn, and what a page is asked.
export const LOAD_MS = 15000;

// Whether all is there that a redesigned page shows late: from then on a frozen page never changes.
export const ARRIVED = "!document.querySelector('template[data-lv-late]')";

// As if the page had just been opened, for the next of several steps on it.
export const FRESH = "window.pressed = ''; window.scrollTo({ top: 0, left: 0, behavior: 'instant' }); if (document.activeElement) document.activeElement.blur();";

export const PRESSED = "window.pressed";

export function say(id, used, error = "") {
  console.log(JSON.stringify({ id, used, error }));
}

function grouped(cases, key) {
  const groups = new Map();
  for (const one of cases) groups.set(one[key], [...groups.get(one[key]) || [], one]);
  return [...groups];
}

// Takes every page before in turn, each with its pages after: `record` gives what is known by a case's id, `replay`
// plays it. A page that fails is left unanswered.
export async function overPages(cases, lanes, record, replay) {
  const groups = grouped(cases, "before");
  async function lane(own) {
    for (let group; (group = groups.shift()); ) {
      const [before, all] = group;
      let known;
      try { known = await record(own, before, all); } catch (problem) { complain(before, problem); continue; }
      for (const [after, some] of grouped(all, "after")) {
        try { await replay(own, after, some, known); } catch (problem) { complain(after, problem); }
      }
    }
  }
  await Promise.all(lanes.map(lane));
}

function complain(url, problem) {
  console.error(`${url}: ${String(problem).slice(0, 200)}`);
}
