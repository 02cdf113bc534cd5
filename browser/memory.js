// What is remembered of an element for the day on which the page has changed, and what might be it then.
const memory = (() => {
  const OTHERS = 100;
  const KINDS = { button: "b", link: "l", textbox: "t", searchbox: "t", spinbutton: "t", combobox: "c", listbox: "c", checkbox: "k", switch: "k",
    radio: "r", tab: "m", option: "m", menuitem: "m", treeitem: "m", menuitemcheckbox: "m", menuitemradio: "m" };
  const FAMILIES = [/^(button|link|menuitem|tab|option|treeitem)$/, /^(textbox|searchbox|combobox|spinbutton|listbox|slider)$/,
    /^(checkbox|radio|switch|menuitemcheckbox|menuitemradio)$/];

  // The CRC-32 of a text's UTF-8, as zlib computes it, in hex.
  function digest(text) {
    let crc = -1;
    for (const byte of new TextEncoder().encode(text)) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
    }
    return ((crc ^ -1) >>> 0).toString(16).padStart(8, "0");
  }

  function* everything(root) {
    for (const el of root.querySelectorAll("*")) {
      yield el;
      if (el.shadowRoot) yield* everything(el.shadowRoot);
    }
  }

  const isReal = (el, cuts) => eyes.visible(el, cuts) || (el.tagName === "INPUT" && /^(checkbox|radio|file)$/.test(el.type));

  function isActed(el, role) {
    const above = eyes.parentOf(el);
    return walker.isActedOn(el, role, getComputedStyle(el).cursor, above ? getComputedStyle(above).cursor : "");
  }

  const spoken = (el, role) => eyes.cut(eyes.nameOf(el, role) || (eyes.isField(el) ? eyes.fieldLabelOf(el, "") : eyes.textOf(el, 60)), 60);

  // Words as language/similarity.py cuts them.
  const wordsOf = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, " ")
    .match(/[\p{L}\p{N}]+/gu)?.map((word) => word.toLowerCase()) || [];

  // A bystander: its kind, digests of what it says and of where it leads. bystanders.py makes the same ones.
  function token(el, said) {
    const leads = eyes.attribute(el, "href") || el.id || eyes.attribute(el, "name");
    return (KINDS[eyes.roleOf(el)] || "o") + (said ? digest("says " + said.toLowerCase()) : "-") + (leads ? "." + digest("at " + eyes.cut(leads, 160)) : "");
  }

  // All that can be acted on, and `el` among it, in the order of the page.
  function acted(el = null) {
    const cuts = new Map(), all = [];
    for (const one of everything(document))
      if (one === el || (isReal(one, cuts) && isActed(one, eyes.roleOf(one)))) all.push(one);
    return all;
  }

  // The others of the page, the nearest first on each side, and how many of them bear each word of the element.
  function surroundings(el, all) {
    const place = all.indexOf(el);
    const said = all.map((one) => spoken(one, eyes.roleOf(one)));
    const shared = {};
    for (const word of new Set(wordsOf(said[place]))) {
      const count = said.filter((text, at) => at !== place && wordsOf(text).includes(word)).length;
      if (count) shared[word] = count;
    }
    const tokens = (places) => places.map((at) => token(all[at], said[at]));
    let before = said.map((_, at) => at).slice(0, place).reverse(), after = said.map((_, at) => at).slice(place + 1, place + 1 + OTHERS);
    before = before.slice(0, Math.max(OTHERS / 2, OTHERS - after.length));
    after = after.slice(0, OTHERS - before.length);
    return { others: [...tokens(before), "|", ...tokens(after)].join(" "), shared };
  }

  // `all` is what `acted` gave, when the page has not changed since.
  function fingerprint(el, all = null) {
    return { ...eyes.fingerprint(el), ...surroundings(el, all && all.includes(el) ? all : acted(el)) };
  }

  const familyOf = (role) => FAMILIES.find((family) => family.test(role));

  // All that might be the element `like`: what can be acted on as it could, or looks like it by tag or role; when it is
  // no control, also what has a text of its own. Parts of a control are left to the control.
  function gather(like, most, most_ms) {
    const by = performance.now() + most_ms;
    const cuts = new Map(), known = new Map(), acted = new Set(), kept = [];
    const family = familyOf(like.role);
    let truncated = false;
    for (const el of everything(document)) {
      if (performance.now() > by) { truncated = true; break; }
      const role = eyes.roleOf(el);
      const acts = isReal(el, cuts) && isActed(el, role);
      if (acts) acted.add(el);
      const same = role === like.role && role !== "" || el.tagName.toLowerCase() === like.tag;
      const inner = !acts && family && insideActed(el, acted);
      const says = !family && hasText(el);
      if (inner || !(acts || same || says) || !isReal(el, cuts)) continue;
      kept.push({ el, rank: (same ? 0 : 2) + (acts ? 0 : 1) });
    }
    if (kept.length > most) { truncated = true; kept.sort((one, other) => one.rank - other.rank); kept.length = most; }
    const found = [];
    for (const { el } of kept) {
      if (performance.now() > by) { truncated = true; break; }
      found.push({ el, visible: eyes.visible(el, cuts), seen: eyes.fingerprint(el, known) });
    }
    return { found, truncated };
  }

  function insideActed(el, acted) {
    for (let at = eyes.parentOf(el); at; at = eyes.parentOf(at)) if (acted.has(at)) return true;
    return false;
  }

  function hasText(el) {
    for (const child of eyes.childrenOf(el)) if (child.nodeType === 3 && /[\p{L}\p{N}]/u.test(child.data)) return true;
    return false;
  }

  // Where an element stands, from the nearest id that people wrote; parts of shadow roots apart by " >> ".
  function pathOf(el) {
    const steps = [];
    for (let at = el; at && at.tagName !== "BODY" && at.tagName !== "HTML"; at = at.parentElement) {
      const tag = at.tagName.toLowerCase();
      const root = at.getRootNode();
      const id = /^[a-z][a-z_-]{2,}$/i.test(at.id) && root.querySelectorAll("#" + CSS.escape(at.id)).length === 1;
      if (id) { steps.unshift("#" + CSS.escape(at.id)); return from(root, steps); }
      const twins = [...(at.parentElement || root).children].filter((twin) => twin.tagName === at.tagName);
      steps.unshift(twins.length === 1 ? tag : `${tag}:nth-of-type(${twins.indexOf(at) + 1})`);
    }
    return from(el.getRootNode(), steps);
  }

  function from(root, steps) {
    const path = steps.join(" > ");
    return root.host ? pathOf(root.host) + " >> " + path : path;
  }

  // Scrolls on what shows only a part of what it holds, lists or the page; how many px it went.
  function scrollOn(ofLists) {
    const lists = [];
    for (const el of everything(document)) {
      if (ofLists && el !== document.scrollingElement && el.scrollHeight > el.clientHeight * 1.2 && el.clientHeight > 60 && /auto|scroll/.test(getComputedStyle(el).overflowY)) lists.push(el);
    }
    let moved = 0;
    for (const el of ofLists ? lists : [document.scrollingElement].filter(Boolean)) {
      const before = el.scrollTop;
      el.scrollBy({ top: el.clientHeight * 0.8, behavior: "instant" });
      moved += Math.abs(el.scrollTop - before);
    }
    return Math.round(moved);
  }

  // Everything back to its beginning.
  function scrollBack() {
    for (const el of everything(document)) if (el.scrollTop) el.scrollTo({ top: 0, behavior: "instant" });
    return 0;
  }

  return { acted, fingerprint, gather, pathOf, scrollBack, scrollOn };
})();
