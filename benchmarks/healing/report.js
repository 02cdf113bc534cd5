// Stands first in every frozen page: tells the server which element was clicked, and lets nothing happen by it.
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
  addEventListener("click", (event) => {
    const target = event.composedPath()[0];
    const report = { case: new URLSearchParams(top.location.search).get("case") || "", path: placeOf(target) };
    fetch("/used", { method: "POST", body: JSON.stringify(report), keepalive: true });
    swallow(event);
  }, true);
  addEventListener("submit", swallow, true);
  // What a redesigned page shows late: as if a script had fetched it.
  addEventListener("DOMContentLoaded", () => setTimeout(() => {
    for (const late of document.querySelectorAll("template[data-lv-late]")) late.replaceWith(late.content);
  }, 400));
})();
