// On the check page: texts that this browser still keeps because they were never stored.
(function () {
  "use strict";

  const list = document.querySelector("[data-unsaved]");
  if (!list) return;
  const sorted = (pairs) => JSON.stringify(pairs.map((pair) => JSON.stringify(pair)).sort());
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
