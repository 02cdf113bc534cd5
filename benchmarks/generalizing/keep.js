// A copy of the page as it stands, styles and all, with the button of the act and what was read back marked. The page
// itself stays as it is.
([looks, says]) => {
  const squeeze = (text) => (text || "").replace(/\s+/g, " ").trim();
  const said = (el) => squeeze(el.matches("input,textarea") ? el.value : el.innerText);
  const near = (el) => { const box = el.getBoundingClientRect(), b = looks.box || [0, 0, 0, 0];
    return Math.abs(box.x + scrollX - b[0]) + Math.abs(box.y + scrollY - b[1]); };
  const all = [...document.querySelectorAll(looks.tag || "*")].sort((one, other) => near(one) - near(other));
  if (!all.length) return "";
  const copy = document.documentElement.cloneNode(true);
  const copies = [...copy.querySelectorAll("*")];
  const copyOf = new Map([...document.documentElement.querySelectorAll("*")].map((el, at) => [el, copies[at]]));
  copyOf.get(all[0]).setAttribute("data-right", "");
  for (const [name, text] of says)
    for (const el of document.querySelectorAll("body *"))
      if (said(el) === text && ![...el.children].some((inner) => said(inner) === text)) copyOf.get(el).dataset.fact = name;
  for (const el of document.querySelectorAll("input,textarea")) copyOf.get(el).setAttribute("value", el.value);
  // It will stand at another address: its pictures stay where they are.
  for (const img of document.querySelectorAll("img[src]")) copyOf.get(img).setAttribute("src", img.src);
  const found = (text, from) => text.replace(/url\("?([^")]+)"?\)/g, (whole, at) => at.startsWith("data:") ? whole : `url("${new URL(at, from)}")`);
  const rulesOf = (sheet) => [...sheet.cssRules].map((rule) => found(rule.cssText, sheet.href || document.baseURI)).join(" ");
  const css = [...document.styleSheets].map((sheet) => { try { return rulesOf(sheet); } catch { return ""; } });
  for (const el of copy.querySelectorAll("script,link[rel=stylesheet],style")) el.remove();
  const style = document.createElement("style");
  style.textContent = css.join(" ");
  copy.querySelector("head").append(style);
  return "<!doctype html>" + copy.outerHTML;
}
