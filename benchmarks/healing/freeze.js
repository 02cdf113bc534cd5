// The page as its scripts left it, as one HTML text with no script of its own. Marks (data-lv-mark) survive.
() => {
  const SHEET = "adopted";

  // Rules that scripts put into style sheets are not in the text of the element: write them there.
  function writeRules(root) {
    for (const style of root.querySelectorAll("style")) {
      if (style.sheet && !style.textContent.trim() && style.sheet.cssRules.length)
        style.textContent = [...style.sheet.cssRules].map((rule) => rule.cssText).join("\n");
    }
    for (const sheet of root.adoptedStyleSheets || []) {
      const style = document.createElement("style");
      style.dataset.from = SHEET;
      style.textContent = [...sheet.cssRules].map((rule) => rule.cssText).join("\n");
      (root.head || root).append(style);
    }
  }

  // What a person typed or chose is a property; a frozen page needs it as an attribute.
  function writeState(root) {
    for (const el of root.querySelectorAll("input")) {
      if (/^(checkbox|radio)$/.test(el.type)) el.toggleAttribute("checked", el.checked);
      else if (!/^(file|password)$/.test(el.type) && el.value) el.setAttribute("value", el.value);
    }
    for (const el of root.querySelectorAll("option")) el.toggleAttribute("selected", el.selected);
  }

  const shadows = [];
  function clean(root) {
    writeRules(root);
    writeState(root);
    for (const el of root.querySelectorAll("script,noscript,base,meta[http-equiv],link[rel=preload],link[rel=modulepreload],link[rel=prefetch],link[rel=import]")) el.remove();
    for (const el of root.querySelectorAll("iframe,frame,object,embed,video,audio")) if (!el.hasAttribute("data-lv-frame")) el.removeAttribute("src");
    for (const el of root.querySelectorAll('link[href^="http"],img[src^="http"],link[href^="//"],img[src^="//"]'))
      if (!/^https?:\/\/127\.0\.0\.1/.test(el.getAttribute("href") || el.getAttribute("src"))) el.removeAttribute(el.tagName === "LINK" ? "href" : "src");
    for (const el of root.querySelectorAll("*")) {
      for (const { name } of [...el.attributes]) if (/^on/i.test(name) && name !== "onclick") el.removeAttribute(name);
      if (el.hasAttribute("onclick")) el.setAttribute("onclick", "void 0");
      if (el.shadowRoot) { shadows.push(el.shadowRoot); clean(el.shadowRoot); }
    }
  }
  clean(document);
  const html = document.documentElement.getHTML({ shadowRoots: shadows, serializableShadowRoots: true });
  const attributes = [...document.documentElement.attributes].map(({ name, value }) => ` ${name}="${value.replace(/&/g, "&amp;").replace(/"/g, "&quot;")}"`).join("");
  const inside = html.replace(/<head([^>]*)>/, '<head$1><script src="/report.js"></script><meta charset="utf-8">');
  const page = `${document.doctype ? "<!DOCTYPE html>" : ""}<html${attributes}>${inside}</html>`;
  return page.split(location.origin + "/").join("/");
}
