// What a page says that something costs, near the button that is pressed for it: each amount with what it is called.
const prices = (() => {
  const CLIMB = 6, MOST = 4, LABEL_CHARS = 40;
  const AMOUNT = /(?:[$€£¥]\s?\d[\d,]*(?:\.\d\d)?|\d[\d,]*[.,]\d\d(?!\d)(?:\s?[$€£¥])?)/;

  const isLabel = (text) => text.length > 1 && text.length <= LABEL_CHARS && /\p{L}/u.test(text) && !/\d/.test(text);

  // What stands before an amount in its own element, else in the one before that.
  function labelOf(said, text) {
    const own = eyes.squeeze(text.slice(0, text.search(AMOUNT))).replace(/[\s:]+$/, "");
    if (own) return isLabel(own) ? own : "";
    const before = said.previousElementSibling;
    const told = before ? eyes.squeeze(before.textContent).replace(/[\s:]+$/, "") : "";
    return isLabel(told) ? told : "";
  }

  function within(holder, el) {
    const found = new Set();
    const nodes = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const said = nodes.currentNode.parentElement;
      if (!AMOUNT.test(nodes.currentNode.data) || el.contains(said) || said.closest("script,style,option") || !eyes.shown(said)) continue;
      const text = eyes.squeeze(said.textContent), label = labelOf(said, text);
      if (label) found.add(label + " " + text.match(AMOUNT)[0]);
    }
    return found;
  }

  // Of the nearest that holds any; of many, none is known to be the one.
  function near(el) {
    for (let holder = eyes.parentOf(el), climb = 0; holder && climb < CLIMB; holder = eyes.parentOf(holder), climb++) {
      const found = holder instanceof Element ? within(holder, el) : new Set();
      if (found.size) return found.size > MOST ? [] : [...found];
    }
    return [];
  }

  return { near };
})();
