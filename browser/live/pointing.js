// The selector engine `leveret_pointing`: what lies under a point, what has the focus, what is selected. Runs in
// Playwright's isolated world. As with the engine of replay, a selector is the number of an element, or a request
// whose answer is the text of the element returned.
(() => {
  const PICKED = new Set(["date", "time", "datetime-local", "month", "week", "color"]);
  const TYPED = /^(text|search|url|tel|email|password|number)$/;
  const SUGGESTED = /^(text|search|url|tel|email|number)$/;
  const MOST_OPTIONS = 2000, MOST_SUGGESTED = 50, TEXT_CHARS = 200, SELECTED_CHARS = 100000;
  const { parse, stringify } = JSON;
  const refs = new Map(), numbers = new WeakMap();
  let last = 0;

  function refOf(el) {
    let number = numbers.get(el);
    if (!number) {
      number = ++last;
      numbers.set(el, number);
      refs.set(number, new WeakRef(el));
    }
    return number;
  }

  function known(number) {
    const held = refs.get(number);
    const el = held && held.deref();
    if (!el || !el.isConnected) throw new Error("leveret: the element left the page");
    return el;
  }

  function deepest(x, y) {
    let el = document.elementFromPoint(x, y);
    while (el && el.shadowRoot) {
      const inner = el.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === el) break;
      el = inner;
    }
    return el;
  }

  function focused() {
    let el = document.activeElement;
    while (el && el.shadowRoot && el.shadowRoot.activeElement) el = el.shadowRoot.activeElement;
    return el;
  }

  const text = (given) => (given || "").replace(/\s+/g, " ").trim().slice(0, TEXT_CHARS);

  function labelOf(el) {
    const label = el.labels && el.labels.length ? el.labels[0].cloneNode(true) : null;
    for (const field of label ? label.querySelectorAll("select, input") : []) field.remove();
    return text(el.getAttribute("aria-label") || (label && label.textContent) || el.name);
  }

  // A field whose picker is a window of its own, which no screencast shows.
  function control(el) {
    const field = el && el.closest("select, input");
    if (!field || field.matches(":disabled") || field.readOnly) return null;
    const box = field.getBoundingClientRect();
    const common = { ref: refOf(field), box: [box.x, box.y, box.width, box.height], label: labelOf(field) };
    if (field.tagName === "INPUT" && field.list && SUGGESTED.test(field.type)) return suggestions(field, common);
    if (field.tagName === "INPUT")
      return PICKED.has(field.type)
        ? { ...common, kind: field.type, values: [field.value], min: field.min, max: field.max, step: field.step } : null;
    if (field.multiple || field.size > 1) return null;
    const options = [...field.options].slice(0, MOST_OPTIONS).map((one) => ({ value: one.value, text: text(one.label || one.text),
      group: one.parentElement.tagName === "OPTGROUP" ? text(one.parentElement.label) : "", disabled: one.matches(":disabled") }));
    return { ...common, kind: "select", values: field.selectedIndex < 0 ? [] : [String(field.selectedIndex)], options };
  }

  // What a field suggests for what stands in it; it may be given anything else as well.
  function suggestions(field, common) {
    const typed = text(field.value).toLowerCase();
    const options = [...field.list.options].map((one) => ({ value: one.value, text: text(one.label || one.value) }))
      .filter((one) => !typed || one.value !== field.value && `${one.value} ${one.text}`.toLowerCase().includes(typed));
    return options.length ? { ...common, kind: "suggestions", values: [field.value], options: options.slice(0, MOST_SUGGESTED) } : null;
  }

  function cursorOf(el) {
    const shape = getComputedStyle(el).cursor.split(",").pop().trim();
    if (shape !== "auto") return shape;
    if (el.tagName === "TEXTAREA" || el.isContentEditable || (el.tagName === "INPUT" && TYPED.test(el.type))) return "text";
    const worded = [...el.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    return worded && getComputedStyle(el).userSelect !== "none" ? "text" : "default";
  }

  function about(el) {
    if (!el) return {};
    if (el.tagName === "IFRAME" || el.tagName === "FRAME") {
      const box = el.getBoundingClientRect();
      return { frame: refOf(el), corner: [box.x + el.clientLeft, box.y + el.clientTop] };
    }
    return { cursor: cursorOf(el), control: control(el) };
  }

  function selected() {
    const el = focused();
    if (el && (el.tagName === "IFRAME" || el.tagName === "FRAME")) return about(el);
    const field = el && /^(INPUT|TEXTAREA)$/.test(el.tagName) && (el.tagName === "TEXTAREA" || TYPED.test(el.type));
    if (field && el.type === "password") return { text: "" };
    const picked = field && el.selectionEnd > el.selectionStart ? el.value.slice(el.selectionStart, el.selectionEnd) : "";
    return { text: (picked || String(getSelection())).slice(0, SELECTED_CHARS) };
  }

  function answer(request) {
    if (request.op === "at") return about(deepest(request.x, request.y));
    return request.op === "focus" ? about(focused()) : selected();
  }

  function query(root, selector) {
    if (selector[0] !== "{") return known(Number(selector));
    const data = document.createElement("data");
    data.textContent = stringify(answer(parse(selector)));
    return data;
  }

  return { query, queryAll: (root, selector) => [query(root, selector)] };
})()
