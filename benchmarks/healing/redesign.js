// Believable redesigns, drawn elsewhere: takes a plan, changes the page, marks where the sought elements went.
(plan) => {
  const hash = (text) => {
    let h = 2166136261 ^ plan.seed;
    for (const char of text) h = Math.imul(h ^ char.charCodeAt(0), 16777619);
    return (h >>> 0).toString(36);
  };
  const everything = (root) => [...root.querySelectorAll("*")].flatMap((el) => el.shadowRoot ? [el, ...everything(el.shadowRoot)] : [el]);
  const all = () => everything(document);
  const REFERENCES = ["for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "list", "form", "headers"];
  const JUMPS = ["href", "data-target", "data-bs-target", "data-parent", "data-bs-parent"];

  const pageWide = {
    ids() {
      const known = new Set(all().map((el) => el.id).filter(Boolean));
      const renamed = (id) => known.has(id) ? `u${hash(id)}` : id;
      for (const el of all()) {
        if (el.id) el.id = renamed(el.id);
        for (const name of REFERENCES) if (el.hasAttribute(name)) el.setAttribute(name, el.getAttribute(name).split(/\s+/).map(renamed).join(" "));
        for (const name of JUMPS) if (/^#./.test(el.getAttribute(name) || "")) el.setAttribute(name, "#" + renamed(el.getAttribute(name).slice(1)));
      }
    },
    names() {
      for (const el of all()) if (/^(INPUT|SELECT|TEXTAREA)$/.test(el.tagName) && el.name) el.setAttribute("name", `f${hash(el.name)}`);
    },
    links() {
      for (const el of all()) {
        const href = el.getAttribute("href") || "";
        if (/^(A|AREA)$/.test(el.tagName) && href && href !== "#") el.setAttribute("href", `/go/${hash(href)}`);
      }
    },
    // Class names as a build makes them; the style sheets follow.
    classes() {
      const renamed = (name) => `c${hash(name)}`;
      const known = new Set(all().flatMap((el) => [...el.classList]));
      const rules = [];
      for (const sheet of document.styleSheets) {
        let text = "";
        try { text = [...sheet.cssRules].map((rule) => rule.cssText).join("\n"); } catch { continue; }
        const base = sheet.href || location.href;
        text = text.replace(/url\((['"]?)(?!data:|#)([^'")]+)\1\)/g, (_, __, url) => `url("${new URL(url, base).pathname}")`);
        rules.push(text.replace(/\.(-?[_a-zA-Z][\w-]*)(?=[^{}]*\{)/g, (whole, name) => known.has(name) ? `.${renamed(name)}` : whole));
      }
      for (const el of document.querySelectorAll("style,link[rel=stylesheet]")) el.remove();
      const style = document.createElement("style");
      style.textContent = rules.join("\n");
      document.head.append(style);
      for (const el of all()) if (el.classList.length) el.setAttribute("class", [...el.classList].map(renamed).join(" "));
    },
    wrapped() {
      const outer = document.createElement("div"), inner = document.createElement("div");
      outer.id = "app-root"; inner.className = "page-shell"; outer.append(inner);
      inner.append(...document.body.childNodes);
      document.body.append(outer);
    },
  };

  const box = (el) => {
    const li = el.closest("li,label,.form-group,.input-group,td");
    return li && li.querySelectorAll("a,button,input,select,textarea").length === 1 ? li : el;
  };

  function say(el, text) {
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/^(submit|button|reset)$/.test(el.type)) {
      const label = el.labels && el.labels[0];
      if (el.hasAttribute("placeholder")) el.setAttribute("placeholder", text);
      if (el.hasAttribute("aria-label")) el.setAttribute("aria-label", text);
      if (label) write(label, text);
      return;
    }
    if (el.tagName === "INPUT") { el.setAttribute("value", text); return; }
    for (const name of ["aria-label", "title"]) if (el.hasAttribute(name)) el.setAttribute(name, text);
    write(el, text);
  }

  function write(el, text) {
    const nodes = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
    let best = null, rest = [];
    while (nodes.nextNode()) {
      const node = nodes.currentNode;
      if (!/[\p{L}]/u.test(node.data)) continue;
      if (!best || node.data.trim().length > best.data.trim().length) { if (best) rest.push(best); best = node; } else rest.push(node);
    }
    if (best) best.data = best.data.replace(best.data.trim(), () => text);
    for (const node of rest) node.data = "";
  }

  function renamedTag(el, tag) {
    const fresh = document.createElement(tag);
    for (const { name, value } of el.attributes) if (name !== "type" && name !== "href") fresh.setAttribute(name, value);
    fresh.append(...el.childNodes);
    if (!fresh.textContent.trim() && el.value) { fresh.textContent = el.value; fresh.removeAttribute("value"); }
    el.replaceWith(fresh);
    return fresh;
  }

  const twin = (el, { text, href }) => {
    const other = el.cloneNode(true);
    for (const one of [other, ...other.querySelectorAll("*")]) for (const name of ["id", "data-lv-mark", "data-testid"]) one.removeAttribute(name);
    if (other.hasAttribute("href")) other.setAttribute("href", href || "#");
    if (other.hasAttribute("name")) other.setAttribute("name", `f${hash(text)}`);
    const label = el.labels && el.labels[0];
    if (label && !label.contains(el)) { other.id = `u${hash(text)}`; const said = label.cloneNode(true); said.setAttribute("for", other.id); write(said, text); return [said, other]; }
    say(other, text);
    return [other];
  };

  const one = {
    wrapped(el) { const wrap = document.createElement(el.closest("p,h1,h2,h3,span,li,button") ? "span" : "div"); wrap.className = "wrap"; el.replaceWith(wrap); wrap.append(el); return el; },
    retagged(el) {
      if (el.tagName === "A") { const fresh = renamedTag(el, "button"); fresh.setAttribute("type", "button"); return fresh; }
      if (el.tagName === "BUTTON") { const fresh = renamedTag(el, "a"); fresh.setAttribute("href", "#"); fresh.setAttribute("role", "button"); return fresh; }
      if (el.tagName === "INPUT" && /^(submit|button)$/.test(el.type)) return renamedTag(el, "button");
      return el;
    },
    said(el, { text }) { say(el, text); return el; },
    stripped(el) {
      const bare = el.textContent.trim() || (el.labels && el.labels.length);
      for (const { name } of [...el.attributes])
        if (/^(id|name|title|data-(?!lv).*|rel|target|class)$/.test(name) || (bare && /^(aria-label|placeholder)$/.test(name))) {
          if (name === "id" && el.labels && el.labels.length) continue;
          el.removeAttribute(name);
        }
      return el;
    },
    moved(el) {
      const part = box(el), holders = [...document.querySelectorAll("footer,header,main,nav,aside,form,section")].filter((at) => !part.contains(at) && !at.contains(part) && at.getClientRects().length);
      const to = holders.length ? holders[plan.seed % holders.length] : part.parentElement;
      if (plan.seed % 2) to.prepend(part); else to.append(part);
      return el;
    },
    shuffled(el) {
      const part = box(el), siblings = [...part.parentElement.children];
      siblings.sort((a, b) => hash(a.outerHTML.slice(0, 300) + siblings.indexOf(a)) < hash(b.outerHTML.slice(0, 300) + siblings.indexOf(b)) ? -1 : 1);
      part.parentElement.append(...siblings);
      return el;
    },
    decoyed(el, more) { const part = el.closest("label") || el; part.before(...twin(el, more)); return el; },
    framed(el) {
      const part = box(el), { width, height } = part.getBoundingClientRect();
      const frame = document.createElement("iframe");
      frame.title = "panel"; frame.setAttribute("data-lv-frame", "1");
      frame.style.cssText = `width:${Math.max(220, Math.ceil(width) + 60)}px;height:${Math.max(60, Math.ceil(height) + 30)}px;border:0`;
      const styles = [...document.querySelectorAll("style,link[rel=stylesheet]")].map((sheet) => sheet.outerHTML).join("");
      part.replaceWith(frame);
      const holder = document.createElement("div");
      holder.append(part);
      frame.srcdoc = `<!DOCTYPE html><html><head><script src="/report.js"></script><meta charset="utf-8">${styles}</head><body>${holder.innerHTML}</body></html>`;
      return null;
    },
    shadowed(el) {
      const part = box(el), host = document.createElement("div");
      host.className = "widget";
      part.replaceWith(host);
      const root = host.attachShadow({ mode: "open", serializable: true });
      for (const sheet of document.querySelectorAll("style,link[rel=stylesheet]")) root.append(sheet.cloneNode(true));
      root.append(part);
      return el;
    },
    late(el) {
      const part = box(el), template = document.createElement("template");
      part.replaceWith(template);
      template.setAttribute("data-lv-late", "1");
      template.content.append(part);
      return null;
    },
    gone(el) { (el.closest("label") || box(el)).remove(); for (const label of el.labels || []) label.remove(); return null; },
    replaced(el, more) { for (const label of [...el.labels || []]) if (!label.contains(el)) label.remove(); el.replaceWith(...twin(el, more)); return null; },
  };

  const found = plan.targets.map((target) => ({ ...target, el: places.elementAt(target.path) }));
  for (const target of found) if (target.el) target.el.setAttribute("data-lv-mark", target.mark);
  for (const target of found) {
    let el = target.el;
    for (const change of target.changes) if (el && el.isConnected && el !== document.body) el = one[change](el, target);
  }
  for (const change of plan.page) pageWide[change]();
  return found.filter((target) => target.el).length;
}
