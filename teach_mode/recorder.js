// What the person does on this document, told as it happens. Runs in an isolated world, before the page's own scripts,
// and believes only what the browser itself says came from a hand.
(() => {
  const { stringify } = JSON;
  const binding = globalThis.leveretSays;
  if (!binding || globalThis.leveret) return;

  const TYPED = /^(text|search|url|tel|email|password|number|date|time|datetime-local|month|week|color|range)$/;
  const PICKED = /^(date|time|datetime-local|month|week|color|range)$/;
  const MOVED_PX = 8, HELD_BY = 2, VALUE_CHARS = 4000, SAID_LEAST = 4, MOST_HELD = 100;
  const MEANT = "button,a[href],area[href],summary,select,input,textarea,option,label,[role=button],[role=link],[role=option],"
    + "[role=tab],[role=menuitem],[role=menuitemcheckbox],[role=menuitemradio],[role=checkbox],[role=radio],[role=switch],"
    + "[role=treeitem],[role=gridcell],[role=combobox],[role=slider],[role=spinbutton],[role=textbox]";

  const LISTS = "ul,ol,menu,[role=list],[role=listbox],[role=menu],[role=tree],[role=grid],[role=tablist]";

  let last = 0, current = null, vouched = false;
  let prepared = null, keyed = false, labelled = null, press = null, dragged = null, dropNext = false, handScrolls = false;
  const told = new WeakMap(), armed = new WeakMap();
  // Where what a hand has scrolled stood before, and where all that scrolls stood last.
  const places = new Map(), tops = new WeakMap();

  // secrets

  const everSecret = new WeakSet(), secretFields = [], held = new Set();
  const HINTS = [["one_time_code", /one.?time|\botp\b|\btotp\b|\b2fa\b|\bmfa\b|verification.?code|security.?code.*(sent|app)/i],
    ["card", /\bcv[cv]2?\b|\bcsc\b|card.?(number|no\b|code)|security.?code/i], ["password", /passwor[dt]|passphrase|passcode/i]];

  // The first of a row of fields for a letter each, which is filled as one.
  const firstOf = (el) => el.tagName === "INPUT" && eyes.boxes(el)[0] || el;
  const wholeOf = (el) => { const row = el.tagName === "INPUT" ? eyes.boxes(el) : []; return row.length ? row.map((one) => one.value).join("") : valueOf(el); };

  // Such a row is for a code, unless nothing says so: a word can be asked for like that, too.
  function isCode(row) {
    const around = row.length ? eyes.cut((row[0].closest("form,fieldset,section,dialog") || row[0].parentElement).textContent, 300) : "";
    return row.some((one) => one.inputMode === "numeric" || /^(tel|number|password)$/.test(one.type) || eyes.isSecret(one) || hintOf(one))
      || /\b(code|pin|digits?)\b/i.test(around);
  }

  function hintOf(el) {
    if (el.tagName !== "INPUT" || !/^(text|tel|number|password)$/.test(el.type)) return "";
    const words = [el.name, el.id, eyes.labelOf(el), el.placeholder].join(" ").replace(/[_-]/g, " ");
    const hint = HINTS.find(([, pattern]) => pattern.test(words));
    return hint ? hint[0] : "";
  }

  function noteSecrets(root = document) {
    for (const el of root.querySelectorAll("input,textarea")) secretOf(el);
  }

  // A field that once was secret stays so, also when the page shows what is in it.
  function secretOf(el) {
    if (!el || !/^(INPUT|TEXTAREA)$/.test(el.tagName)) return null;
    const auto = eyes.attribute(el, "autocomplete").split(" ").pop();
    const row = el.tagName === "INPUT" ? eyes.boxes(el) : [];
    const hint = row.length && isCode(row) ? "one_time_code" : hintOf(el);
    if (!everSecret.has(el)) {
      if (!eyes.isSecret(el) && !hint) return null;
      everSecret.add(el);
      secretFields.push(new WeakRef(el));
    }
    if (auto === "one-time-code") return "one_time_code";
    if (auto.startsWith("cc-")) return "card";
    return hint || "password";
  }

  // What secret fields hold is taken out of every text that leaves the page.
  function redacted(thing, values) {
    if (typeof thing === "string")
      return values.reduce((text, value) => text === value || value.length >= SAID_LEAST ? text.split(value).join("•••") : text, thing);
    if (Array.isArray(thing)) return thing.map((one) => redacted(one, values));
    if (!thing || typeof thing !== "object") return thing;
    return Object.fromEntries(Object.entries(thing).map(([key, one]) => [key, redacted(one, values)]));
  }

  // What they hold and what they held when something was done: it may still stand elsewhere on the page.
  function heldSecrets(remember) {
    const filled = secretFields.map((ref) => ref.deref()).filter((el) => el && el.value);
    const now = [...new Set(filled.flatMap((el) => [el.value, wholeOf(el)]))];
    if (remember) for (const value of now) if (held.size < MOST_HELD) held.add(value);
    return [...new Set([...held, ...now])].sort((one, other) => other.length - one.length);
  }

  function say(message) {
    if (message.t === "quiet") {
      noteSecrets();
      message.secrets = secretFields.map((ref) => ref.deref()).filter(Boolean).flatMap((el) => [el.name, el.id]).filter(Boolean);
    }
    const values = heldSecrets(message.t === "act");
    binding(stringify(values.length ? redacted(message, values) : message));
  }

  // elements

  const own = (event) => {
    const at = event.composedPath()[0];
    return at && at.nodeType === 1 ? at : at && at.parentElement || document.documentElement;
  };

  function climb(el, test) {
    for (let at = el; at && at.nodeType === 1; at = eyes.parentOf(at)) if (test(at)) return at;
    return null;
  }

  function editingHost(el) {
    let host = climb(el, (at) => at.isContentEditable);
    while (host && host.parentElement && host.parentElement.isContentEditable) host = host.parentElement;
    return host;
  }

  const isOneOfSeveral = (el) => eyes.squeeze(el.textContent) !== "" && [...el.parentElement.children].some((other) => other !== el
    && other.tagName === el.tagName && eyes.squeeze(other.textContent) !== "");

  // The whole of what has the pointer's shape of one that can be clicked, but no more than one of several side by side,
  // also where a list has but one.
  function pointed(el) {
    if (getComputedStyle(el).cursor !== "pointer") return null;
    let at = el;
    for (let above = eyes.parentOf(at); above && getComputedStyle(above).cursor === "pointer"; above = eyes.parentOf(at)) {
      if (at.parentElement && isOneOfSeveral(at) || above.matches(LISTS)) break;
      at = above;
    }
    return at;
  }

  // What a person means who points at an element.
  function meantBy(el) {
    const known = climb(el, (at) => at.matches(MEANT));
    if (known) return known.tagName === "LABEL" ? known.control || known : known;
    const host = editingHost(el);
    if (host) return host;
    // A list that can have the focus is for its items.
    const acted = climb(el, (at) => at.hasAttribute("onclick") || (at.hasAttribute("tabindex") && at.tabIndex >= 0 && !at.matches(LISTS)));
    return acted || pointed(el) || placeOf(el);
  }

  // No part of a picture, and no mere piece of text.
  function placeOf(el) {
    const whole = climb(el, (at) => !(at instanceof SVGElement) || at.tagName === "svg") || el;
    return climb(whole, (at) => !/^(B|I|EM|STRONG|SMALL|svg)$/.test(at.tagName)) || whole;
  }

  const isField = (el) => (el.tagName === "INPUT" && TYPED.test(el.type)) || el.tagName === "TEXTAREA" || el.isContentEditable;
  const isBox = (el) => el.tagName === "INPUT" && /^(checkbox|radio)$/.test(el.type);
  const isFile = (el) => el.tagName === "INPUT" && el.type === "file";

  const isPage = (el) => el === document.body || el === document.documentElement;

  // Done while the button is still down, so that the click itself is not held up.
  function prepare(el) {
    prepared = isPage(el) || isField(el) ? null : { el, described: describe(el) };
  }

  // What has no name of its own, such as an icon drawn in place of its text, is what holds it.
  function named(el) {
    for (let at = el, up = 0; at && up <= HELD_BY && !/^(BODY|HTML)$/.test(at.tagName); at = eyes.parentOf(at), up++) {
      const seen = memory.fingerprint(at, changes.acted());
      const locators = naming.ways(at, seen);
      if (locators.length) return { at, seen, locators };
    }
    return { at: el, seen: memory.fingerprint(el, changes.acted()), locators: [] };
  }

  function describe(given) {
    if (prepared && prepared.el === given && changes.isStill()) return prepared.described;
    const { at: el, seen, locators } = named(given);
    const secret = secretOf(el);
    const box = secret ? el.getBoundingClientRect() : outlines.of(el);
    return { seen, locators, options: secret ? [] : naming.options(el), kind: el.tagName === "INPUT" ? el.type : "",
      calendar: calendar.around(el), rows: secret ? null : naming.titles(el),
      prices: eyes.roleOf(el) === "button" ? prices.near(el) : [], secret: !!secret, box: [box.x, box.y, box.width, box.height] };
  }

  function valueOf(el) {
    return (el.isContentEditable ? el.innerText.replace(/\n$/, "") : el.value).slice(0, VALUE_CHARS);
  }

  // acts

  function put(kind, el, more, isFirst = true, isLast = true) {
    const n = ++last, fresh = changes.isStill();
    changes.settle(n, isFirst, isLast);
    say({ t: "act", n, kind, el: el ? describe(el) : null, fresh, ...more });
    current = { n, kind, el };
  }

  function act(kind, el, more = {}) {
    const acts = el ? leadingTo(el) : [];
    acts.push([kind, el, more]);
    places.clear();
    handScrolls = false;
    acts.forEach((one, place) => put(...one, !place, place === acts.length - 1));
  }

  // What had to be done first, so that the element was there.
  function leadingTo(el) {
    const acts = changes.hovers(el).map((hover) => ["hover", rowOf(meantBy(hover)), {}]);
    if (!changes.wasScrolledTo(el)) return acts;
    for (const [holder, from] of [...places].reverse()) {
      const by = Math.round(placeIn(holder) - from);
      if (!by || (holder !== document && !holder.contains(el))) continue;
      return [...acts, ["scroll", holder === document ? null : holder, { value: String(by) }]];
    }
    return acts;
  }

  // What shows in a row shows wherever in it the pointer is.
  const rowOf = (el) => /^(cell|gridcell)$/.test(eyes.roleOf(el)) ? climb(el, (at) => eyes.roleOf(at) === "row") || el : el;

  const placeIn = (holder) => (holder === document ? document.scrollingElement || document.documentElement : holder).scrollTop;
  const isCurrent = (kind, el) => !!current && current.kind === kind && current.el === el;

  function fill(el) {
    const secret = secretOf(el), first = firstOf(el);
    const value = secret ? "" : wholeOf(el);
    if (isCurrent("fill", first)) say({ t: "value", n: current.n, value, secret });
    else act("fill", first, { value, secret, over: isCurrent("click", first) ? current.n : 0 });
    told.set(el, valueOf(el));
  }

  // With these a link opens a tab of its own, as it does for the middle button.
  const isApart = (event) => event.ctrlKey || event.metaKey;

  // A box tells by changing. One whose page decides for itself is clicked.
  function awaitChange(box) {
    const before = last;
    setTimeout(() => { if (last === before && box.isConnected) act("click", box); }, 0);
  }

  function onClick(event, el) {
    const meant = meantBy(el);
    if (!event.isTrusted) {
      if (isFile(el) && current && current.kind === "click") armed.set(el, current.n);
      return;
    }
    if (event.button !== 0) return;
    if (dropNext) { dropNext = false; return; }
    if (labelled === el && el === meant) { labelled = null; return; }
    if (el !== meant && el.closest("label") && !isBox(meant)) {
      labelled = meant;
      setTimeout(() => { labelled = null; }, 0);
    }
    if (isFile(meant)) { armed.set(meant, 0); return; }
    if (/^(SELECT|OPTION)$/.test(meant.tagName) || (meant.tagName === "INPUT" && PICKED.test(meant.type))) return;
    if (isBox(meant)) { awaitChange(meant); return; }
    if (isPage(meant)) return;
    if (event.detail === 0 && keyed) return;
    // A second click may be half of a double one; in a field, several only choose the text.
    if (event.detail > 1 && (event.detail % 2 === 0 || isField(meant)) && isCurrent("click", meant)) return;
    if (isField(meant) && isCurrent("fill", firstOf(meant))) return;
    act(isApart(event) && climb(el, (at) => at.matches("a[href],area[href]")) ? "middle_click" : "click", meant);
  }

  function onChange(event, el) {
    const vouchedFor = vouched && (el.tagName === "SELECT" || (el.tagName === "INPUT" && (PICKED.test(el.type) || isFile(el))));
    if (isFile(el) && (event.isTrusted || armed.has(el) || vouchedFor)) {
      const names = [...el.files].map((file) => file.name).join("\n");
      if (names) act("upload", el, { value: names.slice(0, VALUE_CHARS), over: armed.get(el) || 0 });
      armed.delete(el);
      return;
    }
    if (!event.isTrusted && !vouchedFor) return;
    if (el.tagName === "SELECT") {
      const chosen = [...el.selectedOptions].map((option) => eyes.squeeze(option.label || option.text) || option.value);
      // Of a list that takes several, each change is one of the same choice.
      const over = el.multiple && isCurrent("select", el) ? current.n : 0;
      if (chosen.length || el.multiple) act("select", el, { value: chosen.join("\n").slice(0, VALUE_CHARS), over });
    } else if (isBox(el)) act(el.checked ? "check" : "uncheck", el);
    else if (isField(el) && told.get(el) !== valueOf(el) && (vouchedFor || isCurrent("fill", el) || PICKED.test(el.type))) fill(el);
  }

  function onInput(event, el) {
    const field = editingHost(el) || el;
    if (!isField(field) || !(event.isTrusted || (vouched && PICKED.test(field.type)))) return;
    fill(field);
  }

  // keys

  const WIDGETS = /^(grid|gridcell|listbox|option|menu|menubar|menuitem.*|tree|treeitem|tab|tablist|slider|spinbutton|combobox|radiogroup|application|toolbar)$/;
  const SILENT = /^(Shift|Control|Alt|AltGraph|Meta|CapsLock|NumLock|ScrollLock|Fn|Dead|Process|Unidentified|Compose|Tab)$/;
  const MOVES = /^(Arrow.*|Home|End|PageUp|PageDown| )$/;

  function means(event, el) {
    const { key } = event;
    if (SILENT.test(key) || event.isComposing) return false;
    const chord = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph");
    if (key === "Escape" || /^F\d+$/.test(key)) return true;
    const role = eyes.roleOf(el);
    if (isField(el) && !PICKED.test(el.type)) {
      if (key === "Enter") return chord || (el.tagName === "INPUT");
      if (/^Arrow(Up|Down)$/.test(key)) return role === "combobox" || el.hasAttribute("aria-autocomplete") || el.hasAttribute("aria-controls") || el.hasAttribute("aria-expanded");
      return chord && !/^([acvxzy]|Arrow.*|Backspace|Delete|Home|End)$/i.test(key);
    }
    if (el.tagName === "SELECT" || el.tagName === "INPUT" && !/^(button|submit|reset|image)$/.test(el.type)) return chord;
    if (key === "Enter" || key === " ") {
      if (climb(el, (at) => at.matches("button,a[href],summary,input,area[href]"))) return false;
      return WIDGETS.test(role) || el.hasAttribute("tabindex");
    }
    if (MOVES.test(key)) return chord || WIDGETS.test(role);
    return true;
  }

  function chordOf(event) {
    const parts = [];
    if (event.ctrlKey) parts.push("Control");
    if (event.altKey) parts.push("Alt");
    if (event.metaKey) parts.push("Meta");
    if (event.shiftKey && (event.key.length > 1 || parts.length)) parts.push("Shift");
    return [...parts, event.key === " " ? "Space" : event.key].join("+");
  }

  function onKey(event, el) {
    if (event.key === "Tab" && current && current.kind === "fill") changes.checkpoint();
    const field = editingHost(el) || el;
    if (MOVES.test(event.key)) handScrolls = true;
    if (!means(event, field)) return;
    act("press", isPage(field) ? null : field, { value: chordOf(event) });
    keyed = true;
  }

  // dragging

  function onMove(event) {
    if (!press || press.moved || Math.hypot(event.clientX - press.x, event.clientY - press.y) <= MOVED_PX) return;
    press.moved = true;
    press.seen = describe(press.el);
    press.watcher = new MutationObserver(() => { press && (press.dragged = true); });
    for (const at of [press.el, press.el.parentElement]) if (at) press.watcher.observe(at, { attributes: true, childList: true });
  }

  function onUp(event) {
    const ended = press, before = last;
    // A field that was filled and then left has nothing more to tell.
    setTimeout(() => { if (last === before && !(current && current.kind === "fill")) changes.release(); }, 0);
    press = null;
    if (!ended || !ended.moved) return;
    if (ended.watcher.takeRecords().length) ended.dragged = true;
    ended.watcher.disconnect();
    if (!ended.dragged || dragged) return;
    const under = document.elementsFromPoint(event.clientX, event.clientY).find((at) => !at.contains(ended.el) && !ended.el.contains(at));
    if (!under) return;
    drop(ended.el, ended.seen, placeOf(under));
    dropNext = true;
    setTimeout(() => { dropNext = false; }, 0);
  }

  function drop(el, seen, onto) {
    const n = ++last;
    changes.settle(n, true, true);
    say({ t: "act", n, kind: "drag", fresh: true, el: seen, onto: describe(onto) });
    current = { n, kind: "drag", el };
  }

  // listening: on the window, before anything of the page hears of it

  function on(kind, handle) {
    addEventListener(kind, (event) => { if (event.isTrusted) handle(event, own(event)); }, { capture: true, passive: true });
  }

  addEventListener("click", (event) => onClick(event, own(event)), true);
  addEventListener("input", (event) => onInput(event, own(event)), true);
  addEventListener("change", (event) => onChange(event, own(event)), true);
  on("dblclick", (event, el) => {
    const meant = meantBy(el);
    if (isBox(meant) || isField(meant) || /^(SELECT|OPTION)$/.test(meant.tagName)) return;
    act("double_click", meant, { over: isCurrent("click", meant) ? current.n : 0 });
  });
  on("contextmenu", (event, el) => act("right_click", meantBy(el)));
  on("auxclick", (event, el) => { if (event.button === 1 && climb(el, (at) => at.matches(MEANT))) act("middle_click", meantBy(el)); });
  on("keydown", onKey);
  on("keyup", () => { keyed = false; });
  on("focusin", () => noteSecrets());
  on("pointerdown", (event, el) => {
    noteSecrets(el.getRootNode());
    handScrolls = true;
    changes.checkpoint();
    prepare(meantBy(el));
    const isRange = el.tagName === "INPUT" && el.type === "range";
    press = event.button === 0 && !isRange ? { el: climb(el, (at) => at.draggable) || placeOf(el), x: event.clientX, y: event.clientY, moved: false } : null;
  });
  on("pointermove", onMove);
  on("pointerup", onUp);
  on("dragstart", (event, el) => {
    const from = climb(el, (at) => at.draggable) || el;
    dragged = { el: from, seen: describe(from) };
  });
  on("drop", (event, el) => { if (dragged) drop(dragged.el, dragged.seen, placeOf(el)); dragged = null; });
  on("dragend", () => { dragged = null; press = null; });
  on("mouseover", (event, el) => changes.over(el));
  for (const kind of ["wheel", "touchstart"]) on(kind, () => { handScrolls = true; });
  on("scroll", (event) => {
    const holder = event.target, from = tops.get(holder) ?? 0;
    tops.set(holder, placeIn(holder));
    if (!handScrolls) return;
    if (!places.has(holder)) places.set(holder, from);
    changes.scrolled();
  });

  // For the recorder alone: nothing of the page's world reaches this one.
  globalThis.leveret = {
    vouch: (on_) => { vouched = on_; },
    // What is typed from now on is a step of its own.
    forget: () => { current = null; },
    // The element at a point, or one that holds it, so many levels above; and all that hold it, as they are outlined.
    point: (x, y, wider) => {
      let el = outlines.at(x, y);
      for (; wider > 0 && el && eyes.parentOf(el); wider--) el = eyes.parentOf(el);
      return el && !/^(HTML|BODY|IFRAME)$/.test(el.tagName) ? stringify(redacted(describe(el), heldSecrets().map((one) => one.value))) : "";
    },
    around: (x, y) => stringify(redacted(outlines.around(outlines.at(x, y)), heldSecrets(false))),
    clean: (text) => redacted(text, heldSecrets(false)),
    boxes: () => {
      noteSecrets();
      return stringify(secretFields.map((ref) => ref.deref()).filter((el) => el && el.isConnected)
        .map((el) => el.getBoundingClientRect()).map((box) => [box.x, box.y, box.width, box.height]));
    },
  };
  changes.start(say);
})();
