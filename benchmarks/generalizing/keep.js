// The page as it stands, styles and all, with the button of the act and what was read back marked.
([looks, says]) => {
  const squeeze = (text) => (text || "").replace(/\s+/g, " ").trim();
  const said = (el) => squeeze(el.matches("input,textarea") ? el.value : el.innerText);
  const near = (el) => { const box = el.getBoundingClientRect(), b = looks.box || [0, 0, 0, 0];
    return Math.abs(box.x + scrollX - b[0]) + Math.abs(box.y + scrollY - b[1]); };
  const all = [...document.querySelectorAll(looks.tag || "*")].sort((one, other) => near(one) - near(other));
  if (!all.length) return "";
  all[0].setAttribute("data-right", "");
  for (const [name, text] of says)
    for (const el of document.querySelectorAll("body *"))
      if (said(el) === text && ![...el.children].some((inner) => said(inner) === text)) el.dataset.fact = name;
  for (const el of document.querySelectorAll("input,textarea")) el.setAttribute("value", el.value);
  const css = [...document.styleSheets].map((sheet) => { try { return [...sheet.cssRules].map((rule) => rule.cssText).join(" "); } catch { return ""; } });
  const copy = document.documentElement.cloneNode(true);
  for (const el of copy.querySelectorAll("script,link[rel=stylesheet],style")) el.remove();
  const style = document.createElement("style");
  style.textContent = css.join(" ");
  copy.querySelector("head").append(style);
  return "<!doctype html>" + copy.outerHTML;
}
