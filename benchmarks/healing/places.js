// The place of an element: child numbers from the document element down, "s" into a shadow root, "f" into a frame.
const places = (() => {
  function placeOf(el) {
    const steps = [];
    for (let at = el; at; ) {
      const parent = at.parentNode;
      if (!parent) return "";
      if (parent.nodeType === 9) {
        const frame = parent.defaultView && parent.defaultView.frameElement;
        if (!frame) break;
        steps.unshift("f");
        at = frame;
        continue;
      }
      steps.unshift(Array.prototype.indexOf.call(parent.children, at));
      if (parent.host) { steps.unshift("s"); at = parent.host; } else at = parent;
    }
    return steps.join(".");
  }

  function elementAt(place) {
    let at = document.documentElement;
    for (const step of place ? place.split(".") : []) {
      if (!at) return null;
      if (step === "s") at = at.shadowRoot;
      else if (step === "f") at = at.contentDocument && at.contentDocument.documentElement;
      else at = at.children[Number(step)];
    }
    return at || null;
  }

  function marked() {
    const found = {};
    const under = (root) => {
      for (const el of root.querySelectorAll("*")) {
        if (el.hasAttribute("data-lv-mark")) found[el.getAttribute("data-lv-mark")] = placeOf(el);
        if (el.shadowRoot) under(el.shadowRoot);
      }
    };
    under(document);
    return found;
  }

  return { placeOf, elementAt, marked };
})();
