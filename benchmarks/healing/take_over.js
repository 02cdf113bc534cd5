// The town's marks that stand once become the benchmark's own; style sheets move into the page, which is served from
// elsewhere.
() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((el) => el.shadowRoot ? [el, ...all(el.shadowRoot)] : [el]);
  const elements = all(document), seen = new Map();
  const marked = elements.filter((el) => el.dataset && el.dataset.truth);
  for (const el of marked) seen.set(el.dataset.truth, (seen.get(el.dataset.truth) || 0) + 1);
  for (const el of marked) {
    if (seen.get(el.dataset.truth) === 1) el.setAttribute("data-lv-mark", el.dataset.truth.replace(/["&]/g, ""));
    el.removeAttribute("data-truth");
  }
  for (const link of elements.filter((el) => el.matches("link[rel=stylesheet]"))) {
    const style = document.createElement("style");
    try { style.textContent = [...link.sheet.cssRules].map((rule) => rule.cssText).join("\n"); } catch { continue; }
    link.replaceWith(style);
  }
}
