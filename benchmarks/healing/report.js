// Stands first in every frozen page: keeps which element was pressed first, and lets nothing happen by it. Who plays
// several steps on one page empties `pressed` before each.
(() => {
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
  const swallow = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  // The press counts, since a select list may take the click for itself; programs that click without a mouse only click.
  for (const kind of ["mousedown", "click"]) addEventListener(kind, (event) => {
    top.pressed = top.pressed || placeOf(event.composedPath()[0]) || "page";
    swallow(event);
  }, true);
  addEventListener("submit", swallow, true);
  if (top === window) top.pressed = "";
  // What a redesigned page shows late: as if a script had fetched it.
  addEventListener("DOMContentLoaded", () => setTimeout(() => {
    for (const late of document.querySelectorAll("template[data-lv-late]")) late.replaceWith(late.content);
  }, 400));
})();
