// A believable redesign of a page that stands: `variant` 1 moves, 2 rewords, 3 does both and drops what styles only.
(variant) => {
  const SAID = { submit: "Send", search: "Find", login: "Sign in", "log in": "Sign in", book: "Reserve", next: "Continue", cancel: "Dismiss" };
  const written = [...document.scripts].map((script) => script.textContent).join(" ");
  const area = document.querySelector("#area") || document.body;
  const added = (tag, text) => Object.assign(document.createElement(tag), { isMutation: true, textContent: text });

  function wrap(el) {
    if (!el.parentElement || /^(TR|TD|TBODY|UL|LI|SELECT|OPTION)$/.test(el.tagName) || /^(TR|UL|OL|SELECT)$/.test(el.parentElement.tagName)) return;
    const around = added("span", "");
    el.replaceWith(around);
    around.append(el);
  }

  function move() {
    const notice = added("p", "Welcome back. We have moved things around a little.");
    notice.style.margin = "4px";
    area.prepend(notice);
    for (const el of area.querySelectorAll("button,input:not([type=radio]):not([type=checkbox]),select,textarea")) if (!el.closest("label")) wrap(el);
  }

  function reword() {
    for (const el of area.querySelectorAll("button,a,.final")) {
      const said = SAID[el.textContent.trim().toLowerCase()];
      if (said && !el.firstElementChild) el.textContent = said;
    }
    for (const el of area.querySelectorAll("th,label")) {
      if (!el.firstElementChild && /\w/.test(el.textContent)) el.textContent = el.textContent.trim() + ":";
    }
  }

  function drop() {
    for (const el of area.querySelectorAll("[class]")) {
      const kept = [...el.classList].filter((name) => written.includes(name) || name.startsWith("ui-") || /hide|card|alink/.test(name));
      el.className = kept.concat(kept.length < el.classList.length ? ["x" + kept.length] : []).join(" ");
    }
    for (const el of area.querySelectorAll("[id]")) if (!written.includes(el.id) && !el.id.startsWith("ui-") && !el.id.startsWith("tabs")) el.id = "v2-" + el.id;
  }

  stampPlaces(document.body);
  if (variant !== 2) move();
  if (variant !== 1) reword();
  if (variant === 3) drop();
}
