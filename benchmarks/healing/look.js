// All that contestants of ours and the re-implemented ones look at, for every element of one document.
(() => {
  const KINDS = /^(button|link|textbox|searchbox|spinbutton|combobox|listbox|checkbox|switch|radio|tab|menuitem|treeitem)$/;

  function* below(root) {
    for (const el of root.children) {
      yield el;
      if (el.shadowRoot) yield* below(el.shadowRoot);
      yield* below(el);
    }
  }

  const seen = (el) => eyes.visible(el) || (el.tagName === "INPUT" && /^(checkbox|radio)$/.test(el.type) && eyes.shown(el));

  // The heading or legend that stands last before the element, or the landmark that holds it.
  function sections() {
    const found = new Map();
    let last = "";
    for (const el of below(document.body)) {
      const landmark = el.closest("nav,header,footer,aside,form,dialog,[role=navigation],[role=banner],[role=contentinfo]");
      if (/^H[1-6]$|^LEGEND$/.test(el.tagName)) last = eyes.squeeze(el.textContent).slice(0, 80);
      found.set(el, landmark ? landmark.getAttribute("role") || landmark.tagName.toLowerCase() : last);
    }
    return found;
  }

  // The address that a recorder of the usual kind writes: test id, id, name, else child numbers from the nearest id.
  function usual(el) {
    const only = (css) => { try { const all = el.getRootNode().querySelectorAll(css); return all.length === 1 && all[0] === el; } catch { return false; } };
    for (const name of ["data-testid", "data-test", "id", "name"]) {
      const value = el.getAttribute(name);
      const css = value && (name === "id" ? `#${CSS.escape(value)}` : `[${name}=${JSON.stringify(value)}]`);
      if (css && only(css)) return css;
    }
    const steps = [];
    for (let at = el; at && at.parentElement && at.tagName !== "BODY"; at = at.parentElement) {
      if (at !== el && at.id) { const css = `#${CSS.escape(at.id)}`; if (el.getRootNode().querySelectorAll(css).length === 1) { steps.unshift(css); return steps.join(" > "); } }
      steps.unshift(`${at.tagName.toLowerCase()}:nth-child(${1 + [...at.parentElement.children].indexOf(at)})`);
    }
    return ["body", ...steps].join(" > ");
  }

  // Other elements by which a person would use the same one: its labels, and what lies around it just as large.
  function around(el) {
    const box = el.getBoundingClientRect(), found = [...el.labels || []];
    for (let at = el.parentElement, up = 0; at && up < 4; at = at.parentElement, up++) {
      const outer = at.getBoundingClientRect();
      if (box.width * box.height < 0.85 * outer.width * outer.height) break;
      found.push(at);
    }
    return found.map(places.placeOf);
  }

  // Whether a click in its middle, or on a label of it, lands on the element: nothing lies over it.
  function reached(el) {
    return [el, ...el.labels || []].some((one) => {
      one.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const box = one.getBoundingClientRect();
      const hit = one.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return hit && (one.contains(hit) || around(one).includes(places.placeOf(hit)));
    });
  }

  function known(el, role, section) {
    return { path: places.placeOf(el), role, name: eyes.nameOf(el, role) || eyes.labelOf(el), id: el.id, field: el.getAttribute("name") || "",
      href: el.getAttribute("href") || "", section };
  }

  // Every element of the light document, as rows that name their parent's row; for those who do not look into shadows.
  function rows() {
    const at = new Map(), found = [];
    for (const el of document.body.querySelectorAll("*")) {
      if (/^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE)$/.test(el.tagName)) continue;
      const attributes = {};
      for (const { name, value } of el.attributes) attributes[name] = value.slice(0, 300);
      const own = [...el.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join(" ");
      const isSeen = el.checkVisibility({ visibilityProperty: true }) && el.getClientRects().length > 0;
      at.set(el, found.length);
      found.push({ parent: at.get(el.parentElement) ?? -1, tag: el.tagName.toLowerCase(), attributes, own: eyes.cut(own, 240),
        text: isSeen ? eyes.cut(el.innerText || el.value || el.placeholder || "", 240) : "", box: eyes.boxOf(el), seen: isSeen, path: places.placeOf(el) });
    }
    return found;
  }

  function look(usualAt, soughtAt) {
    const sought = new Set(soughtAt);
    if (window !== window.top && !window.frameElement) return { knowns: [], usuals: {}, candidates: [], also: {}, covered: [], rows: [], resolved: {} };
    const about = sections();
    const knowns = [], usuals = {}, candidates = [], also = {}, held = new Map();
    for (const el of below(document.body)) {
      if (sought.has(places.placeOf(el))) { also[places.placeOf(el)] = around(el); held.set(places.placeOf(el), el); }
      const role = eyes.roleOf(el);
      if (!KINDS.test(role) || !seen(el) || el === document.body || !places.placeOf(el)) continue;
      const one = known(el, role, about.get(el) || "");
      knowns.push(one);
      usuals[one.path] = usual(el);
      also[one.path] = around(el);
      held.set(one.path, el);
    }
    for (const row of walker.walk(document, refOf).rows) {
      if (!row.acted) continue;
      const el = refs[row.ref];
      candidates.push({ path: places.placeOf(el), print: eyes.fingerprint(el) });
    }
    const left = scrollX, top = scrollY;
    const covered = [...held].filter(([, el]) => !reached(el)).map(([path]) => path);
    scrollTo(left, top);
    const resolved = {};
    for (const css of usualAt) {
      let found = [];
      try { found = [...document.querySelectorAll(css)]; } catch { found = []; }
      resolved[css] = found.slice(0, 3).map(places.placeOf);
    }
    return { knowns, usuals, candidates, also, covered, resolved, rows: rows(), size: [innerWidth, innerHeight] };
  }

  const refs = [];
  const refOf = (el) => refs.push(el) - 1;
  return look;
})()
