// Keys of the Board's pages: n or j to the next page of its kind, p or k to the previous one, / to the search.
// They do nothing while somebody types, and can be switched off (WCAG 2.1.4); the choice is kept in the browser.
"use strict";

(() => {
  const line = document.querySelector("[data-keys]");
  if (!line) return;
  const KEPT = "wg-review-keys";
  const button = line.querySelector("button");
  const targets = { n: "next", j: "next", p: "prev", k: "prev" };

  const areOn = () => {
    try { return localStorage.getItem(KEPT) !== "off"; } catch { return true; }
  };
  const show = () => { button.textContent = areOn() ? button.dataset.off : button.dataset.on; };

  line.hidden = false;
  show();
  button.addEventListener("click", () => {
    try { localStorage.setItem(KEPT, areOn() ? "off" : "on"); } catch { /* a browser that keeps nothing: they stay on */ }
    show();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing || !areOn()) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const address = event.key === "/"
      ? line.dataset.search
      : document.querySelector(`link[rel="${targets[event.key]}"]`)?.href;
    if (!address) return;
    event.preventDefault();
    window.location.assign(address);
  });
})();
