// What is wrong with the page as it is shown now: sentences. Evaluated in the page.
() => {
  const problems = [];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const words = (element) => `${element.tagName.toLowerCase()}#${element.id} ${element.textContent.trim().slice(0, 30)}`;

  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) problems.push(`it is ${over} px too wide`);

  for (const card of all(".card")) {
    if (card.scrollWidth > card.clientWidth) problems.push(`what is in ${words(card)} is too wide for it`);
  }

  const named = (element) => {
    const labels = [...(element.labels ?? [])].map((label) => label.textContent);
    const by = (element.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent);
    const pictures = [...element.querySelectorAll("img")].map((picture) => picture.alt);
    return [element.getAttribute("aria-label"), ...labels, ...by, element.innerText, element.textContent, ...pictures].some((name) => name?.trim());
  };
  const controls = all("a[href], button, input, textarea, select, summary");
  for (const control of controls) if (!named(control)) problems.push(`${words(control)} has no name`);
  for (const picture of all("img")) if (!picture.hasAttribute("alt")) problems.push(`${picture.src} has no alt`);

  for (const selector of ["main", "header.top", "nav", "h1"]) {
    if (all(selector).length !== 1) problems.push(`there are ${all(selector).length} of ${selector}`);
  }
  const levels = all("main :is(h1, h2, h3, h4)").map((heading) => Number(heading.tagName[1]));
  levels.slice(1).forEach((level, at) => level > levels[at] + 1 && problems.push(`a heading jumps to level ${level}`));
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of ids.filter((id, at) => ids.indexOf(id) !== at)) problems.push(`two elements are called ${id}`);

  // A key was pressed before, so that the browser shows the focus.
  for (const control of controls.filter((one) => !one.disabled)) {
    control.focus({ preventScroll: true });
    if (document.activeElement !== control) problems.push(`${words(control)} cannot have the focus`);
    const ring = [control, control.closest(".room")].filter(Boolean).map((one) => getComputedStyle(one));
    if (!ring.some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth))) problems.push(`nothing shows that ${words(control)} has the focus`);
  }

  const boxes = controls.filter((one) => !one.closest("nav, .skip")).map((one) => [one, one.getBoundingClientRect()]);
  boxes.forEach(([one, box], at) => {
    for (const [other, against] of boxes.slice(at + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      const wide = Math.min(box.right, against.right) - Math.max(box.left, against.left);
      const high = Math.min(box.bottom, against.bottom) - Math.max(box.top, against.top);
      if (wide > 1 && high > 1) problems.push(`${words(one)} lies over ${words(other)}`);
    }
    if (innerWidth < 500 && one.matches("button, .button, nav a") && box.height < 36) problems.push(`${words(one)} is ${box.height} px high`);
  });
  return problems;
}
