// On the check page: texts that this browser still keeps because they were never stored.
(function () {
  "use strict";

  const list = document.querySelector("[data-unsaved]");
  if (!list) return;
  // The server numbers the rows of a table anew, without the empty ones.
  const CELL = /-cell-(\d+)-/;
  const sorted = (pairs) => {
    const rows = [...new Set(pairs.map(([name]) => Number((name.match(CELL) || [0, -1])[1])))].sort((a, b) => a - b).filter((row) => row >= 0);
    const numbered = pairs.map(([name, value]) => [name.replace(CELL, (_all, row) => `-cell-${rows.indexOf(Number(row))}-`), value]);
    return JSON.stringify(numbered.map((pair) => JSON.stringify(pair)).sort());
  };
  document.querySelectorAll("[data-draft-key]").forEach((row) => {
    let draft = null;
    try {
      draft = JSON.parse(localStorage.getItem(row.dataset.draftKey));
    } catch (error) {
      return;
    }
    if (!draft || sorted(draft.pairs) === sorted(JSON.parse(row.dataset.stored))) return;
    const entry = document.createElement("li");
    const link = document.createElement("a");
    link.href = row.dataset.address;
    link.textContent = row.dataset.title;
    entry.append(link);
    list.querySelector("ul").append(entry);
    list.hidden = false;
  });
})();
