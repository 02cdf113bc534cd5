// The calendar that a day stands in: the month above it, and what turns it forward and back.
const calendar = (() => {
  const CLIMB = 8, LEAST_DAYS = 20, HEADING_CHARS = 24;
  const NAMES = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";
  const MONTH = new RegExp(`^(?:(?:${NAMES})\\.?,? \\d{4}|\\d{4} (?:${NAMES}))$`, "i");
  const FORWARD = /\b(?:next|forward|later)\b|[›»→❯▶]|^>+$/i, BACK = /\b(?:prev|previous|back|backward|earlier)\b|[‹«←❮◀]|^<+$/i;
  const PRESSED = "a,button,[role=button],[role=link],[onclick],[tabindex]";

  const textOf = (el) => eyes.squeeze(el.textContent.replace(/\u00a0/g, " "));
  const isDay = (el) => /^\d{1,2}$/.test(textOf(el)) && Number(textOf(el)) >= 1 && Number(textOf(el)) <= 31;

  function headings(root) {
    const found = [...root.querySelectorAll("*")].filter((el) => el.textContent.length <= HEADING_CHARS && MONTH.test(textOf(el)) && eyes.shown(el));
    return [...new Set(found.map(textOf))];
  }

  const daysIn = (root) => new Set([...root.querySelectorAll("*")].filter((el) => !el.firstElementChild && isDay(el)).map(textOf)).size;

  const saysOf = (el) => [textOf(el), el.title, eyes.attribute(el, "aria-label"), ...[...el.classList].map((name) => name.replace(/[-_]/g, " "))];

  // The one that turns by a month: where there is one by a year as well, that is another.
  function turning(root, way) {
    const found = [...root.querySelectorAll(PRESSED)].filter((el) => !isDay(el) && eyes.visible(el) && saysOf(el).some((text) => way.test(text)));
    const monthly = found.filter((el) => !saysOf(el).some((text) => /\byear\b/i.test(text)));
    if (monthly.length !== 1) return null;
    const seen = memory.fingerprint(monthly[0], changes.acted()), locators = naming.ways(monthly[0], seen);
    return locators.length ? { seen, locators } : null;
  }

  function around(el) {
    if (!isDay(el)) return null;
    for (let at = eyes.parentOf(el), up = 0; at && !/^(BODY|HTML)$/.test(at.tagName) && up < CLIMB; at = eyes.parentOf(at), up++) {
      if (at.nodeType !== 1) continue;
      const months = headings(at);
      if (!months.length) continue;
      if (months.length > 1 || daysIn(at) < LEAST_DAYS) return null;
      return { month: months[0], forward: turning(at, FORWARD), back: turning(at, BACK) };
    }
    return null;
  }

  return { around };
})();
