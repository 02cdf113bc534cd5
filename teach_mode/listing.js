// What a page lists: its like rows that say the most, and how all of them are found.
const listing = (() => {
  const ROWS = "tr,li,article,[role=row],[role=listitem],[role=article]";
  const BESIDE = "nav,header,footer,aside,menu,form,[role=navigation],[role=banner],[role=contentinfo],[role=complementary],[role=menu],[role=tablist]";
  const MOST_ROWS = 1000, TEXT_CHARS = 300;

  const isTitle = (row) => row.tagName === "TR" && !row.querySelector("td");
  const textOf = (row) => eyes.cut(eyes.seenText(row), TEXT_CHARS);

  // Rows that stand beside one another.
  function groups() {
    const found = new Map();
    for (const row of [...document.querySelectorAll(ROWS)].slice(0, MOST_ROWS)) {
      if (row.closest(BESIDE) || isTitle(row) || !eyes.visible(row)) continue;
      const kinds = found.get(row.parentElement) || new Map();
      kinds.set(row.tagName, [...(kinds.get(row.tagName) || []), row]);
      found.set(row.parentElement, kinds);
    }
    return [...found.values()].flatMap((kinds) => [...kinds.values()]);
  }

  function waysTo(rows) {
    const name = eyes.attribute(rows[0], "data-testid");
    const ways = [{ kind: "css", value: naming.placed(rows.map((row) => [row, row]), rows[0]) }];
    return name && rows.every((row) => eyes.attribute(row, "data-testid") === name) ? [{ kind: "testid", value: name }, ...ways] : ways;
  }

  // The first and the last row's texts, and what one looks like; null where nothing is listed.
  function main() {
    const lists = groups().map((rows) => ({ rows, said: rows.reduce((sum, row) => sum + textOf(row).length, 0) }));
    const best = lists.sort((one, other) => other.said - one.said)[0];
    if (!best || !best.said) return null;
    const { rows } = best;
    const locator = waysTo(rows).find((way) => {
      const found = engine.candidates(document, way);
      return found.length === rows.length && rows.every((row) => found.includes(row));
    });
    return locator ? { locator, texts: [rows[0], rows[rows.length - 1]].map(textOf), seen: eyes.fingerprint(rows[0]) } : null;
  }

  return { main };
})();
