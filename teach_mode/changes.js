// What is to be seen on the page, what came and went since, and what made it come: the pointer, or scrolling.
const changes = (() => {
  const QUIET_MS = 200, LATEST_MS = 1500, MOST = 6, MOST_WATCHED = 3000, TEXT_CHARS = 80, NEAR = 3;
  const RANKS = { alert: 0, alertdialog: 0, dialog: 0, status: 1, heading: 2, textbox: 3, searchbox: 3, combobox: 3, listbox: 3,
    checkbox: 4, radio: 4, button: 4, link: 4, tab: 4, menuitem: 4, option: 5, treeitem: 5, gridcell: 5, row: 5, listitem: 5, img: 6 };
  const NOTHING = JSON.stringify([[], [], null]);
  const ACTED_ON = /^(button|link|textbox|searchbox|combobox|listbox|option|checkbox|radio|switch|slider|spinbutton|tab|menuitem.*|treeitem|gridcell)$/;

  let baseline = new Map(), hidden = [], last = null, actedThen = null;
  let begun = null, scanned = false, number = 0, told = "", timer = 0, since = 0;
  let hovered = null, hoveredThen = null, scrolls = 0, scrollsThen = 0;
  let revealed = new WeakMap(), anything = false;
  const watched = new WeakSet();
  let report = () => {};

  function* everything(root) {
    watch(root);
    for (const el of root.querySelectorAll("*")) {
      yield el;
      if (el.shadowRoot) yield* everything(el.shadowRoot);
    }
  }

  const observer = new MutationObserver(noticed);

  function watch(root) {
    if (watched.has(root)) return;
    watched.add(root);
    observer.observe(root, { childList: true, subtree: true, attributes: true, characterData: true });
  }

  const isActedOn = (el, role) => ACTED_ON.test(role) || el.tagName === "SUMMARY" || el.hasAttribute("onclick") || el.hasAttribute("tabindex");

  // Part of a text that a person writes.
  const isTyped = (el) => el.isContentEditable && !!el.parentElement && el.parentElement.isContentEditable;

  // What can be seen, by what it is called. Remembers what cannot, to notice when it can.
  function scan() {
    const seen = new Map();
    scanned = true;
    hidden = [];
    const cuts = new Map();
    for (const el of everything(document)) {
      if (seen.size >= MOST_WATCHED) break;
      const role = eyes.roleOf(el);
      const leaf = !el.firstElementChild && !(role in RANKS) && !eyes.isField(el) && !/^(SCRIPT|STYLE|OPTION|NOSCRIPT|TEMPLATE)$/.test(el.tagName);
      const acted = isActedOn(el, role);
      if (!(role in RANKS) && !acted && !leaf || isTyped(el)) continue;
      const text = leaf ? eyes.cut(el.textContent, TEXT_CHARS + 1) : "";
      if (leaf && !acted && (text.length < 3 || text.length > TEXT_CHARS || !/\p{L}{2}/u.test(text))) continue;
      if (!eyes.visible(el, cuts)) {
        if (acted && hidden.length < MOST_WATCHED) hidden.push(el);
        continue;
      }
      const way = wayTo(el, role, text);
      if (!way) continue;
      const key = way.kind + " " + way.value + " " + (way.name || "");
      if (seen.has(key)) seen.get(key).several = true;
      else seen.set(key, { el, way, rank: RANKS[role] ?? 7, caused: !!causeOf(el), several: false });
    }
    return seen;
  }

  function wayTo(el, role, text) {
    const name = role in RANKS ? eyes.nameOf(el, role) : "";
    if (name && /\p{L}/u.test(name)) return { kind: "role", value: role, name, exact: true };
    if (/^(alert|status|alertdialog|dialog)$/.test(role)) {
      const said = eyes.cut(eyes.seenText(el), TEXT_CHARS + 1);
      if (said && said.length <= TEXT_CHARS && !el.firstElementChild) return { kind: "text", value: said, exact: true };
      return { kind: "role", value: role };
    }
    return text ? { kind: "text", value: text, exact: true } : null;
  }

  const uncaused = (seen) => new Map([...seen].filter(([, one]) => !one.caused));

  // What was not there at the baseline, and what is gone since; the most telling first.
  function difference(now) {
    // Of a new document only what is telling: all of it is new.
    const least = number ? Infinity : RANKS.heading;
    const apart = (from, without) => [...from.entries()].filter(([key, one]) => !one.several && one.rank <= least && !without.has(key))
      .map(([, one]) => one).sort((one, other) => one.rank - other.rank).slice(0, MOST).map(({ el, way }) => ({ el, way }));
    const appeared = apart(now, baseline).filter(({ el, way }) => naming.alone(el, way));
    // What is not drawn any more after scrolling has not left.
    const left = scrolls > scrollsThen ? [] : apart(baseline, now).filter(({ way }) => !engine.candidates(document, way).length);
    return { appeared: appeared.map(({ way }) => way), left: left.map(({ way }) => way), looks: appeared.map(({ el }) => el) };
  }

  function tell(now) {
    const change = difference(now), listed = number ? null : listing.main();
    const text = JSON.stringify([change.appeared, change.left, listed && listed.texts]);
    if (text === told) return;
    told = text;
    report({ t: "change", n: number, ...change, looks: change.looks.map((el) => eyes.fingerprint(el)), listed });
  }

  // A hand begins something new: what happens from here on, such as a field that loses the focus, is no longer the
  // consequence of the act before.
  function checkpoint() {
    if (!isStill()) report({ t: "quiet" });
    begun = looked();
    tell(uncaused(begun));
  }

  // What was seen when the page came to rest, if nothing moved since.
  function looked() {
    if (!isStill() || !last) last = scan();
    return last;
  }

  // All that could be acted on then, for as long as that is so.
  const acted = () => isStill() ? actedThen : null;

  // Nothing came of what was begun: what happens is a consequence again.
  function release() {
    begun = null;
  }

  // Says what the act before brought about; what happens from now on belongs to act `n`. Of several acts that a hand does
  // at once (rest on a menu, click in it) the first has only what was there before it, and the others all.
  function settle(n, first, last) {
    if (!begun) checkpoint();
    const now = first ? uncaused(begun) : begun;
    tell(now);
    baseline = last ? begun : now;
    number = n;
    told = NOTHING;
    if (!last) return;
    begun = null;
    hoveredThen = hovered;
    scrollsThen = scrolls;
    revealed = new WeakMap();
    anything = false;
  }

  function noticed(records) {
    if (!records.length) return;
    for (const { addedNodes } of records)
      for (const node of addedNodes) if (node.nodeType === 1) mark(node);
    reveal();
    if (!since) since = performance.now();
    clearTimeout(timer);
    timer = setTimeout(quiet, Math.max(0, Math.min(QUIET_MS, since + LATEST_MS - performance.now())));
  }

  function isStill() {
    noticed(observer.takeRecords());
    return !since;
  }

  function quiet() {
    since = 0;
    last = scan();
    actedThen = memory.acted();
    if (!begun) tell(uncaused(last));
    report({ t: "quiet" });
  }

  // causes

  function causeNow() {
    if (scrolls > scrollsThen) return { scrolled: true };
    return hovered && hovered !== hoveredThen ? { hover: hovered } : null;
  }

  function mark(el) {
    const cause = causeNow();
    if (!cause) return;
    revealed.set(el, cause);
    anything = true;
  }

  // What was hidden and now is to be seen was brought out by where the pointer is.
  function reveal() {
    if (!causeNow()) return;
    const cuts = new Map();
    hidden = hidden.filter((el) => {
      if (!el.isConnected || !eyes.visible(el, cuts)) return el.isConnected;
      mark(el);
      last = null;
      return false;
    });
  }

  const isNear = (el, hover) => {
    let at = hover;
    for (let climb = 0; at && climb < NEAR; climb++, at = eyes.parentOf(at)) if (at.contains(el)) return true;
    return hover.matches("[aria-haspopup],[aria-expanded],[aria-controls],[aria-describedby]");
  };

  function causeOf(el) {
    if (!anything) return null;
    for (let at = el; at; at = eyes.parentOf(at)) {
      const cause = revealed.get(at);
      if (cause && cause.scrolled) return cause;
      if (cause && cause.hover.isConnected && cause.hover !== el && !el.contains(cause.hover) && isNear(el, cause.hover)) return cause;
    }
    return null;
  }

  // The elements that the pointer had to rest on, the outermost first, so that this one was there to be acted on.
  function hovers(el) {
    const chain = [];
    for (let cause = causeOf(el); cause && cause.hover && chain.length < 3; cause = causeOf(cause.hover)) {
      if (chain.includes(cause.hover)) break;
      chain.unshift(cause.hover);
    }
    return chain;
  }

  const wasScrolledTo = (el) => !!(causeOf(el) || {}).scrolled;

  function over(el) {
    if (el === hovered) return;
    if (!scanned) scan();
    hovered = el;
    reveal();
  }

  function scrolled() {
    scrolls++;
  }

  function start(say) {
    report = say;
    watch(document);
    // A page that is not loaded yet changes until it is.
    addEventListener("load", () => noticed([{ addedNodes: [] }]), true);
    for (const kind of ["transitionend", "animationend"]) addEventListener(kind, reveal, true);
    addEventListener("scroll", () => noticed([{ addedNodes: [] }]), { capture: true, passive: true });
    noticed([{ addedNodes: [] }]);
  }

  return { acted, checkpoint, hovers, isStill, release, over, scrolled, settle, start, wasScrolledTo };
})();
