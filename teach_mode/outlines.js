// Where a person sees an element, and what is around it.
const outlines = (() => {
  const DRAWN_PX = 6, BESIDE_PX = 40, MOST_AROUND = 10, SAME_PX = 3, TEXT_CHARS = 60, MOST_INSIDE = 40, WIDE = 4;
  const WHOLE = /^(table|grid|row|list|listitem|article|form|dialog|cell)$/;

  const isPage = (el) => /^(HTML|BODY)$/.test(el.tagName);
  const boxed = ({ x, y, width, height }) => [x, y, width, height];

  // The box of a piece of a line is that of what is in it, blocks too.
  function filled(el) {
    if (getComputedStyle(el).display !== "inline") return el.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(el);
    return range.getBoundingClientRect();
  }

  function isDrawn(el) {
    const box = filled(el);
    return box.width >= DRAWN_PX && box.height >= DRAWN_PX && eyes.visible(el);
  }

  // A field with its label beside it; what is drawn by something else, such as a radio button that only its label shows,
  // there.
  function of(el) {
    const own = el.getBoundingClientRect();
    const label = [...(el.labels || [])].find(isDrawn);
    if (!isDrawn(el)) {
      let drawn = label || eyes.parentOf(el);
      while (drawn && !isDrawn(drawn)) drawn = eyes.parentOf(drawn);
      return drawn && !isPage(drawn) ? filled(drawn) : own;
    }
    const other = label && filled(label);
    if (!other || Math.max(other.x - own.right, own.x - other.right, other.y - own.bottom, own.y - other.bottom) > BESIDE_PX) return own;
    const x = Math.min(own.x, other.x), y = Math.min(own.y, other.y), height = Math.max(own.bottom, other.bottom) - y;
    // Of a field as wide as the page its beginning says enough.
    return { x, y, width: Math.min(Math.max(own.right, other.right) - x, Math.max(other.right - x, height * WIDE)), height };
  }

  // What is at a point, be it a piece of a text; but no part of a picture.
  function at(x, y) {
    let el = document.elementFromPoint(x, y);
    while (el && el.shadowRoot) {
      const inner = el.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === el) break;
      el = inner;
    }
    return (el && el.ownerSVGElement && el.closest("svg")) || el;
  }

  const isSame = (one, other) => one.every((side, place) => Math.abs(side - other[place]) < SAME_PX);

  // An element and what holds it, the innermost first, without what merely wraps another: how many levels above, the
  // box, the role, and of the innermost what it says, of the others their title.
  function around(el) {
    const found = [];
    for (let wider = 0; el && !isPage(el) && el.tagName !== "IFRAME" && found.length < MOST_AROUND; el = eyes.parentOf(el), wider++) {
      if (/^(TBODY|THEAD|TFOOT|COLGROUP)$/.test(el.tagName) || !isDrawn(el)) continue;
      const one = { wider, box: boxed(el.getBoundingClientRect()), role: eyes.roleOf(el) || el.tagName.toLowerCase(), text: "" };
      const title = el.querySelector("h1,h2,h3,h4,h5,h6,caption,legend");
      if (found.length) one.text = title ? eyes.cut(eyes.seenText(title), TEXT_CHARS) : "";
      else if (!eyes.isSecret(el) && el.getElementsByTagName("*").length <= MOST_INSIDE) one.text = eyes.cut(eyes.seenText(el), TEXT_CHARS);
      const before = found[found.length - 1];
      if (!before || !isSame(before.box, one.box)) found.push(one);
      else if (WHOLE.test(one.role) && !WHOLE.test(before.role)) found[found.length - 1] = { ...one, text: before.text || one.text };
    }
    return found;
  }

  return { of, at, around };
})();
