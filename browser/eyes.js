// What an element is to a person: role, name, label, text, neighbours. No state; sees through open shadow roots.
// Names follow the accessible-name computation (W3C accname-1.2) as far as real pages need it.
const eyes = (() => {
  const NAME_CHARS = 160, TEXT_CHARS = 240, NEIGHBOUR_CHARS = 80, NEIGHBOURS = 6, CLIMB = 5, LABEL_CHARS = 40, HOLDERS = 4, CLASSES = 12;
  const KEPT = ["id", "name", "type", "href", "src", "for", "placeholder", "alt", "title", "aria-label", "autocomplete",
    "data-testid", "data-test", "data-test-id", "data-qa", "data-cy", "data-id", "action"];
  const SECRET = /^(one-time-code|cc-number|cc-csc|cc-exp.*|current-password|new-password)$/;
  const INPUT_ROLES = { button: "button", submit: "button", reset: "button", image: "button", checkbox: "checkbox",
    radio: "radio", range: "slider", number: "spinbutton", search: "searchbox", hidden: "" };
  const TAG_ROLES = { BUTTON: "button", TEXTAREA: "textbox", OPTION: "option", H1: "heading", H2: "heading", H3: "heading",
    H4: "heading", H5: "heading", H6: "heading", NAV: "navigation", MAIN: "main", ASIDE: "complementary", ARTICLE: "article",
    TABLE: "table", TR: "row", TD: "cell", TH: "columnheader", UL: "list", OL: "list", LI: "listitem", DIALOG: "dialog",
    FIELDSET: "group", DETAILS: "group", OPTGROUP: "group", P: "paragraph", PROGRESS: "progressbar", METER: "meter",
    OUTPUT: "status", HR: "separator", FIGURE: "figure", DT: "term", DD: "definition" };
  const NAMED_BY_CONTENT = new Set(["button", "link", "heading", "option", "tab", "menuitem", "menuitemcheckbox",
    "menuitemradio", "checkbox", "radio", "switch", "cell", "gridcell", "columnheader", "rowheader", "treeitem", "tooltip",
    "row"]);

  const CONTROLS = "input,select,textarea,button";
  const HOLDING = new Set(["form", "dialog", "alertdialog", "navigation", "main", "region", "group", "banner", "contentinfo",
    "complementary", "tabpanel", "menu", "toolbar", "radiogroup", "search", "table", "list", "grid", "tree"]);

  const squeeze = (text) => text.replace(/\s+/g, " ").trim();
  const cut = (text, chars) => { const short = squeeze(text); return short.length > chars ? short.slice(0, chars) : short; };
  const attribute = (el, name) => el.getAttribute(name) || "";
  const parentOf = (el) => el.assignedSlot || el.parentElement || (el.parentNode && el.parentNode.host) || null;
  const childrenOf = (el) => el.shadowRoot ? el.shadowRoot.childNodes
    : el.tagName === "SLOT" && el.assignedNodes().length ? el.assignedNodes() : el.childNodes;

  const masked = new WeakSet();

  // From now on nothing reads what the field holds, and nobody sees it, whatever kind of field it is.
  function mask(el) {
    masked.add(el);
    for (const [name, value] of [["-webkit-text-security", "disc"], ["-webkit-text-fill-color", "transparent"], ["text-shadow", "none"]])
      el.style.setProperty(name, value, "important");
  }

  function isSecret(el) {
    return masked.has(el) || el.type === "password" || SECRET.test(attribute(el, "autocomplete").split(" ").pop());
  }

  // The row of fields of one letter each that this one begins or belongs to, as sites take codes; empty for any other.
  function boxes(el) {
    const takesOne = (one) => one.tagName === "INPUT" && one.maxLength === 1 && /^(text|tel|number|password)$/.test(one.type);
    if (!takesOne(el)) return [];
    for (let at = parentOf(el), up = 0; at && up < 4; at = parentOf(at), up++) {
      const row = [...at.querySelectorAll("input")].filter((one) => takesOne(one) && visible(one));
      if (row.length >= 4) return row.length <= 12 && row.includes(el) ? row : [];
    }
    return [];
  }

  function roleOf(el) {
    const explicit = attribute(el, "role").trim().split(/\s+/)[0];
    if (explicit && explicit !== "none" && explicit !== "presentation") return explicit;
    const tag = el.tagName.toUpperCase();
    if (tag === "INPUT") {
      if (el.type in INPUT_ROLES) return INPUT_ROLES[el.type];
      return el.hasAttribute("list") ? "combobox" : "textbox";
    }
    if (tag === "A" || tag === "AREA") return el.hasAttribute("href") ? "link" : "";
    if (tag === "SELECT") return el.multiple || el.size > 1 ? "listbox" : "combobox";
    if (tag === "IMG") return el.getAttribute("alt") === "" ? "" : "img";
    if (tag === "SVG") return "img";
    if (tag === "FORM" || tag === "SECTION")
      return el.hasAttribute("aria-label") || el.hasAttribute("aria-labelledby") ? (tag === "FORM" ? "form" : "region") : "";
    if (tag === "HEADER" || tag === "FOOTER")
      return el.closest("article,aside,main,nav,section") ? "" : tag === "HEADER" ? "banner" : "contentinfo";
    if (explicit) return "";
    return TAG_ROLES[tag] || (el.isContentEditable && !(el.parentElement && el.parentElement.isContentEditable) ? "textbox" : "");
  }

  function shown(el) {
    return el.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      || (getComputedStyle(el).display === "contents" && !!el.parentElement && shown(el.parentElement));
  }

  // A box that a person can see: rendered, not transparent, not a pixel, not pushed off or clipped away.
  // `cuts` remembers the verdict on ancestors within one question.
  function visible(el, cuts = new Map()) {
    if (!shown(el)) return false;
    const box = el.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) {
      if (box.width === 1 && box.height === 1) return false;
      // A line of inline elements may have no box of its own while its children have one.
      const style = getComputedStyle(el);
      return (style.display === "contents" || style.overflow === "visible") && [...el.children].some((child) => visible(child, cuts));
    }
    if (isPushedOff(el, box)) return false;
    const style = getComputedStyle(el);
    if (!el.firstElementChild && !isField(el) && unreadable(style)) return false;
    if (isCutOut(style)) return false;
    return style.position === "fixed" || !cutOff(parentOf(el), cuts);
  }

  // Where no scrolling reaches, left of the page or above it. What a box within it has scrolled away can be reached.
  function isPushedOff(el, box) {
    let right = box.right + scrollX, bottom = box.bottom + scrollY;
    if (right > 0 && bottom > 0) return false;
    for (let at = parentOf(el); at && at !== document.scrollingElement; at = parentOf(at)) {
      right += at.scrollLeft;
      bottom += at.scrollTop;
    }
    return right <= 0 || bottom <= 0;
  }

  // Text of no size, pushed out of its box, or of no colour.
  function unreadable(style) {
    return parseFloat(style.fontSize) < 1 || parseFloat(style.textIndent) < -500 || /^rgba.* 0\)$/.test(style.color);
  }

  function isCutOut(style) {
    const path = style.clipPath;
    if (path !== "none" && /^inset\((50|100)%/.test(path)) return true;
    const clip = style.clip;
    return clip !== "auto" && /^rect\((0|1)px,? (0|1)px,? (0|1)px,? (0|1)px\)$/.test(clip);
  }

  // Whether an element, or one above it, shows nothing of what it holds.
  function cutOff(el, cuts) {
    if (!el) return false;
    let cut = cuts.get(el);
    if (cut === undefined) {
      const style = getComputedStyle(el);
      cut = isCutOut(style) || (style.overflow !== "visible" && holdsNothing(el, style))
        || (style.position !== "fixed" && cutOff(parentOf(el), cuts));
      cuts.set(el, cut);
    }
    return cut;
  }

  function holdsNothing(el, style) {
    const box = el.getBoundingClientRect();
    return (box.width <= 1 || box.height <= 1) && style.display !== "inline" && style.display !== "contents"
      && !/^(BODY|HTML)$/.test(el.tagName);
  }

  // Text by content, with the names of pictures and controls inside; what is hidden is left out.
  function contentOf(node, chars, own, state) {
    if (!state && !node.firstElementChild && !node.shadowRoot && node.tagName !== "SLOT") return node.textContent;
    const so = state || { text: "" };
    for (const child of childrenOf(node)) {
      if (so.text.length > chars) break;
      if (child.nodeType === 3) { so.text += child.data; continue; }
      if (child.nodeType !== 1 || child === own || /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE)$/.test(child.tagName)) continue;
      if (child.getAttribute("aria-hidden") === "true" || !shown(child)) continue;
      const label = attribute(child, "aria-label") || (child.tagName === "IMG" ? attribute(child, "alt") : "");
      const inline = /^(SPAN|B|I|EM|STRONG|A|SMALL|SUB|SUP|U|MARK|CODE|SLOT)$/.test(child.tagName);
      const apart = !inline || !/^(inline|contents)/.test(getComputedStyle(child).display);
      if (apart) so.text += " ";
      if (label) so.text += " " + label + " ";
      else if (child.tagName === "SELECT") so.text += chosen(child);
      else if (child.tagName === "INPUT" || child.tagName === "TEXTAREA") so.text += /^(submit|button|reset)$/.test(child.type) ? child.value : "";
      else contentOf(child, chars, own, so);
      if (apart) so.text += " ";
    }
    return so.text;
  }

  // What can be read with the eyes alone: no names, no alternatives, nothing hidden in any way.
  function seenText(el, cuts = new Map()) {
    if (isField(el)) return valueOf(el);
    let text = "";
    const readable = !unreadable(getComputedStyle(el));
    for (const child of childrenOf(el)) {
      if (child.nodeType === 3) text += readable ? child.data : "";
      else if (child.nodeType === 1 && child.tagName === "BR") text += " ";
      else if (child.nodeType === 1 && !/^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE)$/.test(child.tagName) && visible(child, cuts)) {
        const apart = /^(inline|contents)/.test(getComputedStyle(child).display) ? "" : " ";
        text += apart + seenText(child, cuts) + apart;
      }
    }
    return text;
  }

  function chosen(select) {
    return [...select.selectedOptions].map((option) => squeeze(option.label || option.text)).join(", ");
  }

  function byIds(el, name) {
    const ids = attribute(el, name).split(/\s+/).filter(Boolean);
    const root = el.getRootNode();
    return ids.map((id) => root.getElementById && root.getElementById(id)).filter(Boolean)
      .map((target) => attribute(target, "aria-label") || contentOf(target, NAME_CHARS, el)).join(" ");
  }

  function labelOf(el) {
    const labels = el.labels && el.labels.length ? [...el.labels].map((label) => contentOf(label, NAME_CHARS, el)).join(" ") : "";
    return cut(byIds(el, "aria-labelledby") || attribute(el, "aria-label") || labels, NAME_CHARS);
  }

  // What stands before a field that nothing labels, in its line or its row: what a person takes for its label.
  function besideOf(el) {
    if (!isField(el) || /^(hidden|submit|reset|button|image|checkbox|radio|file)$/.test(el.type)) return "";
    for (let at = el, climb = 0; climb < CLIMB && at && !/^(BODY|FORM|FIELDSET)$/.test(at.tagName); climb++, at = at.parentElement) {
      for (let before = at.previousSibling; before; before = before.previousSibling) {
        if (before.nodeType === 1 && (before.matches(CONTROLS) || before.querySelector(CONTROLS))) return "";
        const text = saidBy(before).replace(/[\s:*]+$/, "");
        if (text) return text.length <= LABEL_CHARS ? text : "";
      }
    }
    return "";
  }

  // What a field is called, by its page or to the eye.
  function fieldLabelOf(el, name) {
    return labelOf(el) || (name ? "" : besideOf(el));
  }

  function nativeName(el) {
    const tag = el.tagName.toUpperCase();
    if (tag === "INPUT" && /^(button|submit|reset)$/.test(el.type))
      return el.value || (el.type === "submit" ? "Submit" : el.type === "reset" ? "Reset" : "");
    if (tag === "IMG" || tag === "AREA" || (tag === "INPUT" && el.type === "image")) return attribute(el, "alt");
    const part = { FIELDSET: "legend", TABLE: "caption", FIGURE: "figcaption", SVG: "title" }[tag];
    const titled = part && el.querySelector(":scope > " + part);
    return titled ? titled.textContent : "";
  }

  function nameOf(el, role) {
    const labelled = el.hasAttribute("aria-labelledby") || el.hasAttribute("aria-label") || (el.labels && el.labels.length);
    const named = (labelled && labelOf(el)) || nativeName(el)
      || (NAMED_BY_CONTENT.has(role) && !/^(INPUT|SELECT|TEXTAREA)$/.test(el.tagName) ? contentOf(el, NAME_CHARS) : "");
    return cut(named || attribute(el, "title") || attribute(el, "placeholder"), NAME_CHARS);
  }

  function valueOf(el) {
    if (el.tagName === "SELECT") return chosen(el);
    if (el.tagName === "INPUT" && /^(submit|button|reset|image|file|checkbox|radio)$/.test(el.type)) return "";
    if (el.tagName === "INPUT" || el.tagName === "TEXTAREA") return isSecret(el) ? "" : el.value;
    return "";
  }

  function isField(el) {
    return /^(INPUT|SELECT|TEXTAREA)$/.test(el.tagName);
  }

  // What is typed into a field, or into a rich one, is its value and no part of what it is.
  function textOf(el, chars) {
    if (isField(el) || el.isContentEditable) return "";
    return cut(contentOf(el, chars), chars);
  }

  function stateOf(el) {
    const state = [];
    const is = (name, on) => { if (on) state.push(name); };
    is("checked", el.checked === true && /^(checkbox|radio)$/.test(el.type) || attribute(el, "aria-checked") === "true");
    is("disabled", el.matches(":disabled") || attribute(el, "aria-disabled") === "true");
    is("expanded", attribute(el, "aria-expanded") === "true" || (el.tagName === "DETAILS" && el.open));
    is("selected", el.tagName === "OPTION" && el.selected || attribute(el, "aria-selected") === "true");
    is("pressed", attribute(el, "aria-pressed") === "true");
    is("current", el.hasAttribute("aria-current") && attribute(el, "aria-current") !== "false");
    is("required", el.required === true || attribute(el, "aria-required") === "true");
    is("readonly", el.readOnly === true && isField(el) && /text|date|email|tel|url|search|number|password/.test(el.type));
    is("invalid", attribute(el, "aria-invalid") === "true");
    is("focused", el.matches(":focus"));
    return state;
  }

  function attributesOf(el) {
    const kept = {};
    for (const name of KEPT) {
      const value = el.getAttribute(name);
      if (value) kept[name] = cut(value, NAME_CHARS);
    }
    if (/^(radio|checkbox|submit|button)$/.test(el.type) && el.getAttribute("value")) kept.value = cut(el.getAttribute("value"), NAME_CHARS);
    return kept;
  }

  // Texts beside and above, the nearest first. `known` remembers what nodes say within one walk.
  function neighboursOf(el, known = new Map()) {
    const texts = [];
    let at = el;
    for (let climb = 0; climb < CLIMB && at && at.tagName !== "BODY" && texts.length < NEIGHBOURS; climb++, at = parentOf(at)) {
      let back = at.previousSibling, on = at.nextSibling;
      for (let reach = 0; reach < 4 && (back || on) && texts.length < NEIGHBOURS; reach++) {
        if (back) { add(back); back = back.previousSibling; }
        if (on) { add(on); on = on.nextSibling; }
      }
    }
    return texts.slice(0, NEIGHBOURS);

    function add(node) {
      const one = remember(known, node);
      const text = one.text ?? (one.text = saidBy(node));
      if (text && !texts.includes(text)) texts.push(text);
    }
  }

  function saidBy(node) {
    let text = "";
    if (node.nodeType === 3) text = cut(node.data, NEIGHBOUR_CHARS);
    else if (node.nodeType === 1 && !isField(node) && !/^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE)$/.test(node.tagName) && shown(node))
      text = cut(contentOf(node, NEIGHBOUR_CHARS), NEIGHBOUR_CHARS);
    return /[\p{L}\p{N}]/u.test(text) ? text : "";
  }

  function boxOf(el) {
    const box = el.getBoundingClientRect();
    return [box.x + scrollX, box.y + scrollY, box.width, box.height].map((px) => Math.round(px * 10) / 10);
  }

  function shadowOf(el) {
    const hosts = [];
    for (let root = el.getRootNode(); root.host; root = root.host.getRootNode())
      hosts.unshift(root.host.tagName.toLowerCase() + (root.host.id ? "#" + root.host.id : ""));
    return hosts;
  }

  // What holds an element, the nearest first: "row Ada Example", "form checkout", "under Delivery", "navigation".
  function withinOf(el, known) {
    const held = [];
    const heading = headingOf(el, known);
    for (let at = parentOf(el); at && at.tagName !== "BODY" && held.length < HOLDERS; at = parentOf(at)) {
      let said = known.get(at)?.holder;
      if (said === undefined) remember(known, at).holder = said = holderOf(at);
      if (said && !held.includes(said)) held.push(said);
    }
    if (heading) held.push("under " + heading);
    return held;
  }

  function holderOf(el) {
    const role = roleOf(el), tag = el.tagName.toUpperCase();
    if (role === "row" || role === "listitem" || role === "article")
      return role + " " + cut(contentOf(el, NEIGHBOUR_CHARS), NEIGHBOUR_CHARS);
    const named = tag === "FORM" || tag === "FIELDSET" || HOLDING.has(role);
    if (!named) return "";
    const title = el.hasAttribute("aria-label") || el.hasAttribute("aria-labelledby") ? labelOf(el) : nativeName(el);
    return squeeze((role || tag.toLowerCase()) + " " + cut(title || attribute(el, "name") || el.id, NEIGHBOUR_CHARS));
  }

  const HEADINGS = "h1,h2,h3,h4,h5,h6,[role=heading]";

  // The heading that stands last before an element.
  function headingOf(el, known) {
    const way = [];
    let found = "";
    for (let at = el; at && at.tagName !== "BODY"; ) {
      const one = remember(known, at);
      if (one.heading !== undefined) { found = one.heading; break; }
      way.push(one);
      const before = at.previousElementSibling;
      if (!before) { at = parentOf(at); continue; }
      const inside = before.matches(HEADINGS) ? before : [...before.querySelectorAll(HEADINGS)].pop();
      if (inside) { found = cut(inside.textContent, NEIGHBOUR_CHARS); break; }
      at = before;
    }
    for (const one of way) one.heading = found;
    return found;
  }

  function remember(known, node) {
    let one = known.get(node);
    if (!one) known.set(node, one = {});
    return one;
  }

  function classesOf(el) {
    return [...el.classList].slice(0, CLASSES).map((name) => name.slice(0, NEIGHBOUR_CHARS));
  }

  // What replay compares an element by.
  function sight(el, known = new Map()) {
    const role = roleOf(el), name = nameOf(el, role);
    return { role, name, label: isField(el) ? fieldLabelOf(el, name) : "", text: textOf(el, TEXT_CHARS),
      tag: el.tagName.toLowerCase(), attributes: attributesOf(el), neighbours: neighboursOf(el, known), box: boxOf(el),
      shadow: shadowOf(el) };
  }

  // And what a search of a changed page goes by, too. `known` remembers what nodes say within one walk.
  function fingerprint(el, known = new Map()) {
    return { ...sight(el, known), classes: classesOf(el), within: withinOf(el, known) };
  }

  return { attribute, boxes, boxOf, childrenOf, contentOf, cut, fieldLabelOf, fingerprint, isCutOut, isField, isMasked: (el) => masked.has(el),
    isPushedOff, isSecret, labelOf, mask, nameOf, parentOf, roleOf, seenText, shadowOf, shown, sight, squeeze, stateOf, textOf, unreadable, valueOf, visible };
})();
