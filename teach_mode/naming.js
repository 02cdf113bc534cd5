// Ways to name an element that find it alone just now, the best first; and what could have been taken in its place.
const naming = (() => {
  const TEXT_CHARS = 80, MOST_WAYS = 8, MOST_OPTIONS = 60, CLIMB = 8, MOST_ANCHORS = 4;
  const TEST_IDS = ["data-test", "data-test-id", "data-qa", "data-cy"];
  const STABLE = ["name", "aria-label", "title", "alt", "href", "for", "autocomplete", "type"];

  const quoted = (text) => '"' + text.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\a ") + '"';
  const tagOf = (el) => el.tagName.toLowerCase();

  const alone = engine.isAlone;

  // Made by a program: a GUID, a hash, a counter.
  function isMadeUp(id) {
    if (/[:\s]/.test(id) || /\d{3,}/.test(id)) return true;
    const kinds = [...id].map((char) => /[a-z]/.test(char) ? "a" : /[A-Z]/.test(char) ? "A" : /\d/.test(char) ? "1" : "");
    let turns = 0;
    for (let at = 1; at < kinds.length; at++) if (kinds[at] && kinds[at - 1] && kinds[at] !== kinds[at - 1]) turns++;
    return turns >= id.length / 4;
  }

  const byId = (el) => el.id && !isMadeUp(el.id) ? "#" + CSS.escape(el.id) : "";

  // "Inbox (3)", or a number in an element of its own, is "Inbox"; "Room 12" stays what it is.
  function withoutCounter(el, name) {
    let bare = name.replace(/\s*[([]\d+[)\]]\s*/g, " ");
    for (const part of el.querySelectorAll("*")) {
      const text = eyes.squeeze(part.textContent);
      if (!part.firstElementChild && /^\d+$/.test(text)) bare = bare.replace(new RegExp("(^|\\s)" + text + "(\\s|$)"), " ");
    }
    bare = eyes.squeeze(bare);
    return /\p{L}/u.test(bare) ? bare : name;
  }

  function* byRole(el, { role, name }) {
    if (!role || !name) return;
    const bare = withoutCounter(el, name);
    if (bare !== name) yield { kind: "role", value: role, name: bare };
    if (bare === name || !alone(el, { kind: "role", value: role, name: bare })) yield { kind: "role", value: role, name, exact: true };
  }

  function* byAttributes(el) {
    if (byId(el)) yield byId(el);
    for (const name of STABLE) {
      const value = eyes.attribute(el, name);
      if (!value || value.length > 200) continue;
      const chosen = name === "name" && /^(radio|checkbox)$/.test(el.type) ? "[value=" + quoted(eyes.attribute(el, "value")) + "]" : "";
      yield tagOf(el) + "[" + name + "=" + quoted(value) + "]" + chosen;
    }
  }

  // An XPath string: there are no escapes in it.
  function literal(text) {
    if (!text.includes('"')) return '"' + text + '"';
    return "concat(" + text.split('"').map((part) => '"' + part + '"').join(", '\"', ") + ")";
  }

  function repeats(el) {
    return !!el.parentElement && [...el.parentElement.children].some((other) => other !== el && other.tagName === el.tagName);
  }

  // What is written in a row beside the element: its title first, prices and the like last.
  function writtenIn(row, el) {
    const texts = new Map();
    const nodes = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode() && texts.size < MOST_ANCHORS) {
      const text = eyes.squeeze(nodes.currentNode.data);
      const holder = nodes.currentNode.parentElement;
      if (text.length < 2 || text.length > 60 || (el && el.contains(holder)) || holder.closest("script,style,option")) continue;
      if (eyes.shown(holder) && !texts.has(text)) texts.set(text, rankOf(text, holder));
    }
    return [...texts.entries()].sort(([, one], [, other]) => one - other);
  }

  function rankOf(text, holder) {
    if (!/\d/.test(text) && holder.closest("h1,h2,h3,h4,h5,h6,th,b,strong,[role=heading],[role=rowheader]")) return 0;
    return !/\p{L}/u.test(text) ? 3 : /\d/.test(text) ? 2 : 1;
  }

  // The element within the one of several like rows that says something of its own.
  function* byRow(el) {
    if (el.getRootNode() !== document) return;
    // What a list offers is not what it is called.
    const says = el.tagName === "SELECT" ? "" : eyes.squeeze(el.textContent);
    const traits = ["aria-label", "name", "type"].filter((name) => el.hasAttribute(name)).map((name) => "[@" + name + "=" + literal(eyes.attribute(el, name)) + "]");
    const own = tagOf(el) + (says && says.length <= TEXT_CHARS ? "[normalize-space()=" + literal(says) + "]" : traits.slice(0, 1).join(""));
    const anchors = [];
    let row = el.parentElement;
    for (let climb = 0; row && row.tagName !== "BODY" && climb < CLIMB; climb++, row = row.parentElement)
      if (repeats(row)) for (const [text, rank] of writtenIn(row, el)) anchors.push([text, rank, tagOf(row)]);
    for (const [text, , tag] of anchors.sort(([, one], [, other]) => one - other))
      yield "//" + tag + "[.//text()[normalize-space()=" + literal(text) + "]]//" + own;
  }

  // A row by what it says of its own: its title first.
  function* byTitle(el) {
    if (el.getRootNode() !== document || !/^(row|listitem)$/.test(eyes.roleOf(el))) return;
    for (const [text] of writtenIn(el)) yield "//" + tagOf(el) + "[.//text()[normalize-space()=" + literal(text) + "]]";
  }

  function step(el) {
    const like = el.parentNode ? [...el.parentNode.children].filter((other) => other.tagName === el.tagName) : [el];
    return tagOf(el) + (like.length > 1 ? ":nth-of-type(" + (like.indexOf(el) + 1) + ")" : "");
  }

  // Where it stands, from the nearest name that is to be trusted, through shadow roots.
  function path(el) {
    const roots = [];
    for (let at = el; at; ) {
      const steps = [], root = at.getRootNode();
      for (let inner = at; inner && inner.nodeType === 1; inner = inner.parentElement) {
        const known = inner !== el && byId(inner);
        steps.unshift(known || step(inner));
        if (known || inner.tagName === "BODY") break;
      }
      roots.unshift(steps.join(" > "));
      at = root.host || null;
    }
    return roots.join(" >> ");
  }

  function* all(el, seen) {
    if (seen.attributes["data-testid"]) yield { kind: "testid", value: seen.attributes["data-testid"] };
    for (const name of TEST_IDS) if (eyes.attribute(el, name)) yield { kind: "css", value: "[" + name + "=" + quoted(eyes.attribute(el, name)) + "]" };
    yield* byRole(el, seen);
    if (seen.label) yield { kind: "label", value: seen.label, exact: true };
    if (eyes.attribute(el, "placeholder")) yield { kind: "placeholder", value: eyes.attribute(el, "placeholder"), exact: true };
    // A text that others are called by is no name either.
    if (seen.text && seen.text.length <= TEXT_CHARS && (seen.text !== seen.name || alone(el, { kind: "role", value: seen.role, name: seen.name, exact: true }))) yield { kind: "text", value: seen.text, exact: true };
    for (const value of byAttributes(el)) yield { kind: "css", value };
    for (const ways of [byTitle(el), byRow(el)]) {
      let rows = 0;
      for (const value of ways) {
        if (rows++ >= MOST_ANCHORS) break;
        if (alone(el, { kind: "xpath", value })) { yield { kind: "xpath", value }; break; }
      }
    }
    yield { kind: "css", value: path(el) };
  }

  function ways(el, seen) {
    const kept = [];
    for (const way of all(el, seen)) {
      if (kept.some((other) => other.value === way.value && other.name === way.name)) continue;
      if (alone(el, way)) kept.push(way);
    }
    // The path is the last resort, so it stays when there are too many.
    return kept.length > MOST_WAYS ? [...kept.slice(0, MOST_WAYS - 1), kept[kept.length - 1]] : kept;
  }

  // options

  const saidBy = (el) => eyes.cut(eyes.nameOf(el, eyes.roleOf(el)) || eyes.labelOf(el) || el.textContent || "", TEXT_CHARS);

  function radios(el) {
    const root = el.form || el.getRootNode();
    const group = el.name ? [...root.querySelectorAll("input[type=radio]")].filter((one) => one.name === el.name) : [el];
    return group.map((one) => ({ value: eyes.attribute(one, "value"), text: saidBy(one) }));
  }

  // Boxes of one list: of one name in a form, else those without a name of their own in the same group.
  function boxesOf(el) {
    const root = el.form || el.getRootNode();
    const named = el.name ? [...root.querySelectorAll("input[type=checkbox]")].filter((one) => one.name === el.name) : [];
    const group = el.closest("fieldset,[role=group],form") || el.getRootNode();
    return named.length > 1 ? named : [...group.querySelectorAll("input[type=checkbox]")].filter((one) => !el.name === !one.name);
  }

  function boxes(el) {
    return boxesOf(el).map((one) => ({ value: one.hasAttribute("value") ? eyes.attribute(one, "value") : "", text: saidBy(one) }));
  }

  // The pointer above an element, or its being chosen, may have given it a class more.
  const classedAlike = (one, el) => !el.classList.length || !one.classList.length || [...el.classList].some((name) => one.classList.contains(name));

  function likeIn(row, el) {
    const role = eyes.roleOf(el);
    const like = [...row.querySelectorAll(tagOf(el))].filter((one) => eyes.roleOf(one) === role && classedAlike(one, el));
    return like.length === 1 ? like[0] : null;
  }

  // The first thing that a row says beside its button: what it is about.
  const titleOf = (row, el) => (writtenIn(row, el).find(([text]) => /\p{L}/u.test(text)) || [""])[0];

  function likes(el) {
    const table = el.closest("table,[role=grid]");
    if (table && table.querySelector("tbody,[role=row],tr") && /^(gridcell|cell|button|link)$/.test(eyes.roleOf(el))) {
      const cells = [...table.querySelectorAll(tagOf(el))];
      const days = cells.length > MOST_OPTIONS * 2 ? [] : cells.filter((one) => eyes.roleOf(one) === eyes.roleOf(el));
      const names = new Set(days.map(saidBy));
      if (names.size === days.length && days.length > 1) return days.map((one) => ({ value: saidBy(one), text: saidBy(one) }));
    }
    const rows = rowsOf(el);
    if (!rows) return [];
    const distinct = new Set(rows.map(([, one]) => saidBy(one))).size === rows.length;
    return rows.map(([row, like]) => ({ value: saidBy(like), text: distinct ? saidBy(like) : titleOf(row, like) }));
  }

  // The like rows of which one holds the element, each with what is like the element in it.
  function rowsOf(el) {
    for (let row = el, climb = 0; row.parentElement && row.tagName !== "BODY" && climb < CLIMB; row = row.parentElement, climb++) {
      const all = [...row.parentElement.children].filter((other) => other.tagName === row.tagName);
      if (all.length < 2) continue;
      const first = Math.max(0, Math.min(all.indexOf(row) - MOST_OPTIONS / 2, all.length - MOST_OPTIONS));
      const rows = all.slice(first, first + MOST_OPTIONS);
      const pairs = rows.map((one) => [one, one === row ? el : climb ? likeIn(one, el) : eyes.roleOf(one) === eyes.roleOf(el) && classedAlike(one, el) ? one : null]);
      const found = pairs.filter(([, one]) => one && eyes.shown(one));
      if (found.length > 1) return found;
    }
    return null;
  }

  const isBox = (el) => el.tagName === "INPUT" && el.type === "checkbox";

  // Boxes with the labels around them, or null: such a list may stand in several columns.
  function labelled(boxes) {
    const rows = boxes.map((one) => [one.closest("label"), one]);
    return rows.length > 1 && rows.length <= MOST_OPTIONS && rows.every(([row, one]) => row && eyes.shown(row)) ? rows : null;
  }

  // What each of these rows is called, where that stands, and which of them it is; null where a row has no such name.
  function titles(el) {
    const rows = el.getRootNode() !== document ? null : isBox(el) ? labelled(boxesOf(el)) : eyes.isField(el) ? null : rowsOf(el);
    if (!rows) return null;
    const own = rows.map(([, like]) => like), apart = rows.map(([row, like]) => holding(row, titleOf(row, like), like));
    for (const holders of [own, apart]) {
      const texts = holders.map((one) => one ? eyes.squeeze(eyes.seenText(one)) : "");
      const locator = holders[0] && texts[0] ? { kind: "css", value: placed(rows, holders[0]) } : null;
      if (!locator || new Set(texts).size < texts.length || texts.some((text) => !/\p{L}/u.test(text) || text.length > TEXT_CHARS)) continue;
      const found = engine.candidates(document, locator);
      if (found.length === holders.length && holders.every((one, at) => one === found[at]))
        return { locator, texts, own: texts[rows.findIndex(([, like]) => like === el)] };
    }
    return null;
  }

  // The innermost element of a row, or the row itself, that says a text.
  const holding = (row, text, el) => [row, ...row.querySelectorAll("*")].filter((one) => !el.contains(one) && eyes.squeeze(one.textContent) === text).pop() || null;

  // A selector of what stands in every row where `holder` stands in the first.
  function placed(rows, holder) {
    const row = rows[0][0], steps = [tagOf(row)];
    for (let at = holder, place = 1; at !== row; at = at.parentElement) steps.splice(place, 0, step(at));
    let around = row.parentElement;
    const beside = rows.every(([one]) => one.parentElement === around);
    while (!rows.every(([one]) => around.contains(one))) around = around.parentElement;
    return path(around) + (beside ? " > " : " ") + steps.join(" > ");
  }

  function options(el) {
    if (el.tagName === "SELECT")
      return [...el.options].slice(0, MOST_OPTIONS).map((one) => ({ value: eyes.cut(one.value, TEXT_CHARS), text: eyes.cut(one.label || one.text, TEXT_CHARS) }));
    if (el.tagName === "INPUT" && el.type === "radio") return radios(el).slice(0, MOST_OPTIONS);
    if (el.tagName === "INPUT" && el.type === "checkbox") return boxes(el).slice(0, MOST_OPTIONS);
    return eyes.isField(el) || el.isContentEditable ? [] : likes(el).slice(0, MOST_OPTIONS);
  }

  return { alone, options, placed, titles, ways };
})();
