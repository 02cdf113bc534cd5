// The selector engine `leveret`: runs in Playwright's isolated world, out of the page's reach.
// A selector is either the number of an element seen before, or a request (JSON) whose answer is the text of the
// element returned: one round trip, and an act on a number lands on the very element that was verified.
const engine = (() => {
  const MANY = 8;
  const { stringify, parse } = JSON;
  const refs = new Map();
  const numbers = new WeakMap();
  // Numbers of one document mean nothing in another: an act that is late finds nothing there.
  const REFS = 100000;
  const base = crypto.getRandomValues(new Uint32Array(1))[0] * REFS;
  let last = 0;

  function refOf(el) {
    let number = numbers.get(el);
    if (!number) {
      number = base + ++last;
      numbers.set(el, number);
      refs.set(number, new WeakRef(el));
    }
    return number;
  }

  function byRef(number) {
    const held = refs.get(number);
    const el = held && held.deref();
    return el && el.isConnected ? el : null;
  }

  function* everything(root) {
    for (const el of root.querySelectorAll("*")) {
      yield el;
      if (el.shadowRoot) yield* everything(el.shadowRoot);
    }
  }

  function* roots(root) {
    yield root;
    for (const el of root.querySelectorAll("*")) if (el.shadowRoot) yield* roots(el.shadowRoot);
  }

  // A selector cut at its descendant spaces, outside brackets, quotes and the other combinators.
  function descendants(selector) {
    const parts = [""];
    let depth = 0, quote = "";
    for (const char of selector.trim().replace(/\s*([>+~])\s*(?![^[(]*[\])])/g, "$1")) {
      if (quote) quote = char === quote ? "" : quote;
      else if (char === '"' || char === "'") quote = char;
      else if (char === "[" || char === "(") depth++;
      else if (char === "]" || char === ")") depth--;
      if (/\s/.test(char) && !quote && !depth) { if (parts[parts.length - 1]) parts.push(""); } else parts[parts.length - 1] += char;
    }
    return parts;
  }

  // Each part below what the part before found, through shadow roots: "main button" finds a button in main's shadows.
  function css(root, selector) {
    const pierces = [...roots(root)].length > 1;
    const parts = selector.split(/\s>>\s/).flatMap((part) => pierces && !part.includes(",") ? descendants(part) : [part]);
    let found = [root];
    for (const part of parts) {
      const next = new Set();
      for (const at of found) {
        for (const inner of at.shadowRoot ? [...roots(at), ...roots(at.shadowRoot)] : roots(at))
          for (const el of inner.querySelectorAll(part)) next.add(el);
      }
      found = [...next];
    }
    return found;
  }

  // One that begins with // also looks into each open shadow root by itself.
  function xpath(root, expression) {
    const found = [];
    const add = (expression, at) => {
      const nodes = document.evaluate(expression, at, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE);
      for (let i = 0; i < nodes.snapshotLength; i++) if (nodes.snapshotItem(i).nodeType === 1) found.push(nodes.snapshotItem(i));
    };
    add(expression, root);
    if (!expression.startsWith("//")) return found;
    const inside = expression.replace(/^\/\//, "descendant-or-self::");
    for (const inner of roots(root)) if (inner.host) for (const child of inner.children) add(inside, child);
    return found;
  }

  const says = (text, wanted, exact) => exact ? eyes.squeeze(text) === eyes.squeeze(wanted)
    : eyes.squeeze(text).toLowerCase().includes(eyes.squeeze(wanted).toLowerCase());

  const SILENT = "script,style,noscript,template,head,title";

  function plainText(el) {
    if (!el.querySelector(SILENT)) return el.textContent;
    let text = "";
    const nodes = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) if (!nodes.currentNode.parentElement.closest(SILENT)) text += nodes.currentNode.data;
    return text;
  }

  // The smallest elements that hold the text; a button of the old kind holds its value.
  function byText(root, wanted, exact) {
    const found = [];
    for (const inner of roots(root)) {
      for (const child of inner.children) down(child);
      for (const el of inner.querySelectorAll("input[type=submit],input[type=button]")) if (says(el.value, wanted, exact)) found.push(el);
    }
    return found;

    function down(el) {
      if (el.matches(SILENT) || !says(el.textContent, wanted, false)) return false;
      let inside = false;
      for (const child of el.children) inside = down(child) || inside;
      if (inside) return true;
      const text = plainText(el);
      if (says(text, wanted, exact)) found.push(el);
      return says(text, wanted, false);
    }
  }

  function where(root, test) {
    const found = [];
    for (const el of everything(root)) if (test(el)) found.push(el);
    return found;
  }

  function matches(root, locator) {
    const { kind, value, name = "", exact = false } = locator;
    if (kind === "css") return css(root, value);
    if (kind === "xpath") return xpath(root, value);
    if (kind === "text") return byText(root, value, exact);
    if (kind === "testid") return where(root, (el) => el.getAttribute("data-testid") === value);
    if (kind === "placeholder") return where(root, (el) => el.hasAttribute("placeholder") && says(el.getAttribute("placeholder"), value, exact));
    if (kind === "label")
      return where(root, (el) => (el.labels && el.labels.length || el.hasAttribute("aria-label") || el.hasAttribute("aria-labelledby")) && says(eyes.labelOf(el), value, exact));
    return where(root, (el) => eyes.roleOf(el) === value && (!name || says(eyes.nameOf(el, value), name, exact)));
  }

  // What no element says in its own case may be said in another: a value is spoken, and pages write it as they like.
  function inAnyCase(root, locator) {
    const wanted = eyes.squeeze(locator.name || locator.value).toLowerCase();
    const said = (el) => ({ role: () => eyes.nameOf(el, locator.value), label: () => eyes.labelOf(el), text: () => el.value || plainText(el),
      placeholder: () => eyes.attribute(el, "placeholder") })[locator.kind]();
    return /^(role|label|text|placeholder)$/.test(locator.kind) && (locator.kind !== "role" || locator.name)
      ? matches(root, { ...locator, exact: false }).filter((el) => eyes.squeeze(said(el)).toLowerCase() === wanted) : [];
  }

  // Pages hide real checkboxes and file fields behind pretty ones.
  const canBeMeant = (el, cuts) => eyes.visible(el, cuts) || (el.tagName === "INPUT" && /^(checkbox|radio|file)$/.test(el.type));

  function candidates(root, locator) {
    let found;
    try {
      found = matches(root, locator);
      if (!found.length && locator.exact) found = inAnyCase(root, locator);
    } catch (error) {
      if (error.name === "SyntaxError" || error.name === "InvalidStateError") return [];
      throw error;
    }
    const cuts = new Map();
    const meant = (el) => canBeMeant(el, cuts);
    if (locator.nth === undefined) return found.filter(meant);
    // Roles are counted among what can be seen, as Playwright counts them; all else as it stands in the document.
    if (locator.kind === "role") found = found.filter(meant);
    return found.slice(locator.nth, locator.nth + 1).filter(meant);
  }

  // Whether a locator finds this element and no other. By role it stops at a second one: of some there are thousands.
  function isAlone(el, locator) {
    if (locator.kind !== "role") {
      const found = candidates(document, locator);
      return found.length === 1 && found[0] === el;
    }
    const { value, name = "", exact = false } = locator, cuts = new Map();
    let found = false;
    for (const one of everything(document)) {
      if (eyes.roleOf(one) !== value || (name && !says(eyes.nameOf(one, value), name, exact)) || !canBeMeant(one, cuts)) continue;
      if (one !== el) return false;
      found = true;
    }
    return found;
  }

  function find(root, { locators, like }) {
    const found = [];
    const seen = new Set();
    for (let index = 0; index < locators.length; index++) {
      const elements = candidates(root, locators[index]);
      for (const el of elements.slice(0, MANY)) {
        if (seen.has(el) && elements.length > 1) continue;
        seen.add(el);
        found.push(sight(el, index, elements.length));
      }
      if (elements.length !== 1) continue;
      const { role, name, tag } = found[found.length - 1].seen;
      if (!like || (role === like.role && name === like.name && tag === like.tag)) break;
    }
    return found;
  }

  function look(ref, whole) {
    const el = byRef(ref);
    return el ? [{ ...sight(el, 0, 1, whole), lands: lands(el) }] : [];
  }

  function sight(el, locator, matches, whole = false) {
    const seen = whole ? memory.fingerprint(el) : eyes.sight(el);
    return { ref: refOf(el), locator, matches, visible: eyes.visible(el), checked: el.checked === true, seen };
  }

  // Whether a click on an element would land on it now, as far as its document knows: it can be pressed, is not being
  // moved, and nothing lies on its middle.
  function lands(el) {
    const held = new Set();
    for (let at = el; at; at = eyes.parentOf(at)) held.add(at);
    if (el.matches(":disabled") || [...held].some((at) => at.getAttribute("aria-disabled") === "true")) return false;
    if (document.getAnimations().some(({ playState, effect }) => playState === "running" && held.has(effect?.target))) return false;
    const box = el.getClientRects()[0];
    if (!box) return false;
    const middle = (from, to, most) => (Math.max(from, 0) + Math.min(to, most)) / 2;
    const x = middle(box.left, box.right, innerWidth), y = middle(box.top, box.bottom, innerHeight);
    let hit = document.elementFromPoint(x, y);
    for (let inner = hit; inner && inner.shadowRoot; hit = inner) if (!(inner = inner.shadowRoot.elementFromPoint(x, y)) || inner === hit) break;
    for (let at = hit; at; at = eyes.parentOf(at)) if (at === el) return true;
    return false;
  }

  function gather({ like, most, most_ms }) {
    const { found, truncated } = memory.gather(like, most, most_ms);
    return { truncated, found: found.map(({ el, visible, seen }) => ({ ref: refOf(el), locator: 0, matches: 1, visible, checked: el.checked === true, seen })) };
  }

  // A code may be spread over a row of little fields.
  function mask(ref) {
    const el = known(ref);
    const boxes = eyes.boxes(el), beside = el.parentElement ? [...el.parentElement.querySelectorAll("input")] : [];
    for (const field of boxes.length ? boxes : beside.length >= 4 && beside.length <= 12 ? beside : [el]) eyes.mask(field);
    return look(ref);
  }

  // Whether a masked field still holds something that would be seen without the mask.
  function filled(ref) {
    const el = byRef(ref);
    return !!el && eyes.isMasked(el) && eyes.visible(el) && !!(el.value || el.textContent);
  }

  // All texts that may be seen, those of different elements apart.
  function apart(root) {
    const texts = [], walk = document.createTreeWalker(root.body || root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (!/^(SCRIPT|STYLE|TEMPLATE)$/.test(walk.currentNode.parentNode.nodeName)) texts.push(walk.currentNode.data);
    return texts.join(" ");
  }

  // Whether a text stands on the page or in a field that is not masked, however it is grouped; `alone`: as a word.
  function shows(root, wanted, alone) {
    const bare = (text) => text.replace(/[\s-]/g, "");
    const sought = bare(wanted);
    const says = alone ? (text) => text.split(/[^\p{L}\p{N}]+/u).includes(sought) : (text) => bare(text).includes(sought);
    for (const inner of roots(root)) {
      if (says(alone ? apart(inner) : (inner.body || inner).textContent || "")) return true;
      for (const el of inner.querySelectorAll("input,textarea"))
        if (el.type !== "hidden" && el.type !== "password" && !eyes.isMasked(el) && says(el.value)) return true;
    }
    return false;
  }

  const LISTED = "table,ul,ol,[role=table],[role=grid],[role=list]", ROWS = "tr,li,[role=row],[role=listitem]";

  // What an element says. A table or a list says it row by row, so that it can be read aloud.
  function worded(el) {
    const rows = el.matches(LISTED) ? [...el.querySelectorAll(ROWS)].filter((row) => row.closest(LISTED) === el && eyes.visible(row)) : [];
    const said = (part) => eyes.squeeze(part.matches("input[type=submit],input[type=button],input[type=reset]") ? part.value : eyes.seenText(part));
    if (rows.length < 2) return said(el);
    const cells = (row) => (row.matches("tr,[role=row]") ? [...row.children].filter((cell) => eyes.visible(cell)) : [row]);
    return rows.map((row) => cells(row).map(said).filter(Boolean).join(", ")).filter(Boolean).join("; ");
  }

  // The first locator whose visible matches all say the same; several that differ say nothing.
  function read(root, locators) {
    for (const locator of locators) {
      const texts = new Set(candidates(root, locator).map(worded));
      if (texts.size === 1) return [...texts][0];
    }
    return null;
  }

  // What the form would send that an element belongs to: [[label, value], …].
  function formOf(ref) {
    const el = ref === undefined ? null : byRef(ref);
    return el ? stringify(forms.sent(el)) : null;
  }

  // What the first locator that finds anything finds, each by its words, in the order of the page.
  function texts(root, locators) {
    const found = locators.map((locator) => candidates(root, locator)).find((all) => all.length) || [];
    return found.map(worded);
  }

  function holds(root, { visible = [], hidden = [], text = "" }) {
    const some = (locators) => locators.some((locator) => candidates(root, locator).length > 0);
    if (visible.length && !some(visible)) return false;
    // What a page still being parsed does not show may yet come.
    if (hidden.length && (document.readyState === "loading" || some(hidden))) return false;
    return !text || byText(root, text, false).some((el) => eyes.visible(el));
  }

  // By less than what is to be seen at once; what was done is said in px. 0 brings an element into view.
  function scroll(ref, by) {
    const el = ref === null ? document.scrollingElement || document.documentElement : known(ref);
    if (!by) {
      el.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
      return 0;
    }
    const most = Math.max(1, Math.floor((ref === null ? innerHeight : el.clientHeight) * 0.8));
    const before = el.scrollTop;
    el.scrollTo({ top: before + Math.sign(by) * Math.min(Math.abs(by), most), behavior: "instant" });
    return Math.round(el.scrollTop - before);
  }

  function answer(root, request) {
    const reply = { origin: self.origin, href: location.href };
    if (request.op === "find") reply.found = find(root, request);
    else if (request.op === "look") reply.found = look(request.ref, request.whole);
    else if (request.op === "gather") Object.assign(reply, gather(request));
    else if (request.op === "mask") reply.found = mask(request.ref);
    else if (request.op === "boxes") reply.refs = eyes.boxes(known(request.ref)).map(refOf);
    else if (request.op === "filled") reply.holds = filled(request.ref);
    else if (request.op === "shows") reply.holds = shows(root, request.text, request.alone);
    else if (request.op === "path") reply.path = byRef(request.ref) ? memory.pathOf(byRef(request.ref)) : "";
    else if (request.op === "scroll_lists") reply.moved = request.on ? memory.scrollOn(request.lists) : memory.scrollBack();
    else if (request.op === "texts") reply.texts = texts(root, request.locators);
    else if (request.op === "holds") reply.holds = holds(root, request);
    else if (request.op === "scroll") reply.moved = scroll(request.ref, request.by);
    else if (request.op === "walk") Object.assign(reply, walker.walk(root, refOf));
    reply.loading = document.readyState === "loading";
    const [loaded] = performance.getEntriesByType("navigation");
    if (loaded) reply.status = loaded.responseStatus;
    if (request.read) reply.texts = request.read.map((wanted) => (wanted === "form" ? formOf(request.ref) : read(root, wanted)));
    return reply;
  }

  // A pretty checkbox is clicked where a person would: on its label.
  function labelFor(el) {
    const labels = el.labels ? [...el.labels] : [];
    return labels.find((label) => eyes.visible(label)) || (el.parentElement && eyes.visible(el.parentElement) ? el.parentElement : el);
  }

  function known(number) {
    const el = byRef(number);
    if (!el) throw new Error("leveret: the element left the page");
    return el;
  }

  function query(root, selector) {
    if (selector.startsWith("label:")) return labelFor(known(Number(selector.slice(6))));
    if (selector[0] !== "{") return known(Number(selector));
    const data = document.createElement("data");
    data.textContent = stringify(answer(root, parse(selector)));
    return data;
  }

  return { candidates, isAlone, query, queryAll: (root, selector) => { const el = query(root, selector); return el ? [el] : []; } };
})();
