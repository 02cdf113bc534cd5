// One walk over a document: every element worth naming, in reading order, as flat rows that name their parent's row.
const walker = (() => {
  const MOST = 5000, TEXT_CHARS = 240;
  const STRUCTURE = new Set(["heading", "list", "listitem", "table", "row", "cell", "columnheader", "rowheader", "form",
    "dialog", "alertdialog", "navigation", "main", "region", "group", "img", "alert", "status", "tablist", "tabpanel",
    "menu", "menubar", "tree", "grid", "article", "banner", "contentinfo", "complementary", "radiogroup", "search",
    "progressbar", "tooltip", "log"]);
  const ACTED_ON = new Set(["button", "link", "textbox", "searchbox", "combobox", "listbox", "option", "checkbox", "radio",
    "switch", "slider", "spinbutton", "tab", "menuitem", "menuitemcheckbox", "menuitemradio", "treeitem", "gridcell"]);
  const SILENT = /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE|HEAD|META|LINK|TITLE|BASE)$/;

  function ownText(el) {
    if (!el.firstElementChild && !el.shadowRoot && el.tagName !== "SLOT") return eyes.cut(el.textContent, TEXT_CHARS);
    let text = "";
    for (const child of eyes.childrenOf(el)) if (child.nodeType === 3) text += child.data + " ";
    return eyes.cut(text, TEXT_CHARS);
  }

  function isActedOn(el, role, cursor, cursorAbove) {
    if (ACTED_ON.has(role) || eyes.isField(el) || el.tagName === "SUMMARY") return true;
    if (el.hasAttribute("onclick") || (el.hasAttribute("tabindex") && el.tabIndex >= 0) || el.isContentEditable) return true;
    return cursor === "pointer" && cursorAbove !== "pointer";
  }

  // Nothing inside can be seen: the subtree is left out. Reading a style is what costs here: as few as can be.
  function closes(el, box, style) {
    if (!el.checkVisibility({ opacityProperty: true }) && style.display !== "contents") return true;
    if (eyes.isCutOut(style)) return true;
    if (box.width > 1 && box.height > 1 || el.shadowRoot || /^(BODY|HTML)$/.test(el.tagName)) return false;
    return style.overflow !== "visible" && style.display !== "inline" && style.display !== "contents";
  }

  function isHidden(el, box, style) {
    if (!el.checkVisibility({ visibilityProperty: true }) && style.display !== "contents") return true;
    if (box.width <= 1 && box.height <= 1) return style.display !== "contents";
    return eyes.isPushedOff(el, box);
  }

  // A group of fewer than two says nothing: its children move up to its parent.
  function grouped(rows) {
    const children = new Array(rows.length).fill(0);
    for (let index = rows.length - 1; index >= 0; index--) {
      const { parent, group } = rows[index];
      const counts = group && children[index] < 2 ? children[index] : 1;
      if (parent >= 0) children[parent] += counts;
    }
    const places = [], kept = [];
    rows.forEach((row, index) => {
      const above = row.parent >= 0 ? places[row.parent] : -1;
      if (row.group && children[index] < 2) { places.push(above); return; }
      row.parent = above;
      places.push(kept.push(row) - 1);
    });
    return kept;
  }

  function walk(root, refOf) {
    const rows = [];
    let truncated = false;
    const left = scrollX, top = scrollY;
    visit(root.body || root.documentElement, -1, "");
    return { rows: grouped(rows), truncated, title: document.title, scroll: [left, top], size: [innerWidth, innerHeight] };

    function visit(el, parent, cursorAbove) {
      if (SILENT.test(el.tagName)) return;
      if (rows.length >= MOST) { truncated = true; return; }
      const box = el.getBoundingClientRect();
      const style = getComputedStyle(el);
      const pretty = el.tagName === "INPUT" && /^(checkbox|radio|file)$/.test(el.type) && style.display !== "none";
      const closed = closes(el, box, style);
      if (closed && !pretty) return;
      const hidden = closed || isHidden(el, box, style);
      const cursor = style.cursor;
      const inside = hidden && !pretty ? parent : row(el, parent, { box, style }, !hidden, [cursor, cursorAbove]);
      if (el.tagName === "SELECT" || el.tagName.toUpperCase() === "SVG") return;
      if (!el.shadowRoot && el.tagName !== "SLOT") {
        for (let child = el.firstElementChild; child; child = child.nextElementSibling) visit(child, inside, cursor);
        return;
      }
      for (const child of eyes.childrenOf(el)) if (child.nodeType === 1) visit(child, inside, cursor);
    }

    function placed(box) {
      const px = (length) => Math.round(length * 10) / 10;
      return [px(box.x + left), px(box.y + top), px(box.width), px(box.height)];
    }

    function row(el, parent, { box, style }, visible, cursors) {
      const role = eyes.roleOf(el);
      const acted = isActedOn(el, role, ...cursors);
      let text = eyes.isField(el) ? "" : ownText(el);
      if (text && eyes.unreadable(style)) text = "";
      const frame = el.tagName === "IFRAME" || el.tagName === "FRAME";
      const group = !acted && !text && !frame && !STRUCTURE.has(role);
      if (group && el.children.length < 2) return parent;
      const name = acted || frame || role === "heading" || role === "img" || STRUCTURE.has(role) && el.hasAttribute("aria-label")
        ? eyes.nameOf(el, role) : "";
      const entry = { ref: refOf(el), parent, tag: el.tagName.toLowerCase(), box: placed(box) };
      if (role) entry.role = role;
      if (name) entry.name = name;
      if (text) entry.text = text;
      if (acted) entry.acted = true;
      if (frame) entry.frame = true;
      if (group) entry.group = true;
      if (!visible) entry.visible = false;
      if (eyes.isField(el)) {
        entry.label = eyes.labelOf(el);
        entry.value = eyes.valueOf(el);
        entry.hint = ["name", "id", "autocomplete", "placeholder"].map((name) => eyes.attribute(el, name)).filter(Boolean).join(" ");
        if (el.tagName === "SELECT") entry.options = [...el.options].slice(0, 100).map((option) => eyes.cut(option.label || option.text, 80));
        if (el.tagName === "INPUT") entry.type = el.type;
      }
      const state = acted || role ? eyes.stateOf(el) : [];
      if (state.length) entry.state = state;
      return rows.push(entry) - 1;
    }
  }

  return { isActedOn, walk };
})();
