// What was acted on, for the judge: [kind, place, value], the place being the same on a page and on its mutations. Kept
// in the tab's own storage and told at once: either may be lost while a page goes away.
(() => {
  if (top !== self || globalThis.watching) return;
  globalThis.watching = true;
  const MEANT = "a,button,input,select,textarea,summary,[role=button],[role=tab],[role=link],[role=menuitem],[onclick]";
  const FIELD = "input,select,textarea,label,option";

  function placeOf(el) {
    const marked = el.closest("[data-truth]");
    if (marked) return "truth:" + marked.dataset.truth;
    const steps = [];
    for (let at = el; at && at.nodeType === 1; at = at.parentElement) {
      if (at.originalPlace) { steps.unshift(at.originalPlace); break; }
      if (at.isMutation) continue;
      const beside = at.parentElement ? [...at.parentElement.children].filter((one) => !one.isMutation) : [at];
      steps.unshift(at.tagName + beside.indexOf(at));
    }
    return steps.join(">");
  }

  function meantBy(el) {
    const known = el.closest(MEANT);
    if (known) return known;
    let at = el;
    while (getComputedStyle(at).cursor === "pointer" && at.parentElement && getComputedStyle(at.parentElement).cursor === "pointer") at = at.parentElement;
    return at;
  }

  globalThis.stampPlaces = (root) => {
    for (const el of [root, ...root.querySelectorAll("*")]) el.originalPlace = placeOf(el);
  };
  const say = (kind, el, value = "") => {
    const told = JSON.parse(sessionStorage.getItem("watched") || "[]");
    const all = JSON.stringify([...told, [kind, placeOf(el), value]]);
    sessionStorage.setItem("watched", all);
    if (globalThis.leveretWatch) leveretWatch(all);
  };
  // On the document: what Playwright sends to see whether a click would land is stopped before it.
  document.addEventListener("click", (event) => {
    if (!event.isTrusted) return;
    const el = meantBy(event.target);
    const button = el.tagName === "INPUT" && /^(submit|button|image|reset)$/.test(el.type);
    if (!el.matches(FIELD) || button) say("click", el);
  }, true);
  const field = (event) => {
    const el = event.target;
    if (el.type === "checkbox" || el.type === "radio") say("check", el, el.type === "radio" ? "true" : String(el.checked));
    else if (el.tagName === "SELECT") say("value", el, el.selectedOptions.length ? el.selectedOptions[0].text.trim() : "");
    else if ("value" in el && el.type !== "password") say("value", el, el.value);
  };
  addEventListener("change", field, true);
  addEventListener("input", field, true);
})();
