// Names for the controls that Django's administration leaves unnamed: cells of tabular inlines, the two halves of a
// date and time, the search fields of the autocomplete lists. The visible words of the page are used, so nothing here
// needs translating.
"use strict";
(() => {
  const text = (node) => (node ? node.textContent.replace(/\s+/g, " ").replace(/:\s*$/, "").trim() : "");

  function nameCells(group) {
    // A heading without words is none; a table that scrolls must be reached by the keyboard.
    group.querySelectorAll("thead th").forEach((heading) => {
      if (text(heading)) return;
      const cell = document.createElement("td");
      cell.className = heading.className;
      heading.replaceWith(cell);
    });
    if (group.scrollWidth > group.clientWidth) {
      group.tabIndex = 0;
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", text(group.querySelector(".inline-heading")));
    }
    const headings = new Map();
    group.querySelectorAll("thead th[class*='column-']").forEach((heading) => {
      const name = [...heading.classList].find((item) => item.startsWith("column-"));
      headings.set(name.replace("column-", "field-"), text(heading));
    });
    const last = text(group.querySelector("thead th:last-child"));
    group.querySelectorAll("tbody tr.form-row").forEach((row, index) => {
      row.querySelectorAll("td").forEach((cell) => {
        const name = [...cell.classList].find((item) => headings.has(item));
        const heading = cell.classList.contains("delete") ? last : headings.get(name);
        if (!heading) return;
        cell.querySelectorAll("input:not([type=hidden]), select, textarea").forEach((control) => {
          const half = halfOf(control);
          control.setAttribute("aria-label", `${heading}${half ? ` (${half})` : ""}, ${index + 1}`);
        });
      });
    });
  }

  // "Date:" or "Time:", which Django prints before each half of a date and time.
  function halfOf(control) {
    const parent = control.closest("p.datetime");
    if (!parent) return "";
    let before = control.previousSibling;
    while (before && !before.textContent.trim()) before = before.previousSibling;
    return before ? text(before) : "";
  }

  function nameHalves(root) {
    root.querySelectorAll("p.datetime input").forEach((control) => {
      if (control.hasAttribute("aria-label")) return;
      const label = control.closest(".form-row, .fieldBox, .flex-container")?.querySelector("label, legend");
      control.setAttribute("aria-label", [text(label), halfOf(control)].filter(Boolean).join(", "));
    });
  }

  function nameSelect2(field) {
    const inline = field.closest(".select2-container--default:not(.select2-container--open), .select2-selection");
    const container = inline?.closest(".select2-container") || document.querySelector(".select2-container--open");
    const select = container?.previousElementSibling;
    const name = select?.labels?.length ? text(select.labels[0]) : select?.getAttribute("aria-label");
    if (!name) return;
    field.setAttribute("aria-label", name);
    // The open list hangs at the end of the page, outside of every landmark: it becomes one while it is there.
    const list = field.closest("body > .select2-container");
    if (list) {
      list.setAttribute("role", "region");
      list.setAttribute("aria-label", name);
    }
    document.querySelectorAll(".select2-results__options").forEach((list) => list.setAttribute("aria-label", name));
  }

  // While its list is open, the field must say which list it controls.
  function nameLists() {
    document.querySelectorAll(".select2-selection[role=combobox][aria-owns]").forEach((selection) => {
      selection.setAttribute("aria-controls", selection.getAttribute("aria-owns"));
    });
  }

  // The selection itself is named after its own value only; a person needs the field's name first.
  function nameSelections() {
    document.querySelectorAll("select.select2-hidden-accessible").forEach((select) => {
      const selection = select.nextElementSibling?.querySelector(".select2-selection");
      const name = select.labels?.length ? text(select.labels[0]) : select.getAttribute("aria-label");
      if (!selection || !name || selection.hasAttribute("aria-label")) return;
      const value = selection.querySelector(".select2-selection__rendered");
      selection.removeAttribute("aria-labelledby");
      selection.setAttribute("aria-label", name);
      if (value?.id) selection.setAttribute("aria-describedby", value.id);
      if (value?.tagName === "SPAN") {
        value.removeAttribute("role");
        value.removeAttribute("aria-readonly");
      }
    });
  }

  // A hint that stands in an attribute is read out of a picture, not out of an empty word.
  function nameHints() {
    document.querySelectorAll(".help-tooltip[aria-label]").forEach((hint) => hint.setAttribute("role", "img"));
  }

  function nameAll() {
    document.querySelectorAll(".inline-group[data-inline-type=tabular]").forEach(nameCells);
    nameHalves(document);
    nameSelections();
  }

  function start() {
    nameAll();
    new MutationObserver((records) => {
      let added = false;
      records.forEach((record) => record.addedNodes.forEach((node) => { added = added || node.nodeType === 1; }));
      if (!added) return;
      document.querySelectorAll(".select2-search__field:not([aria-label])").forEach(nameSelect2);
      nameSelections();
      nameLists();
      nameHints();
    }).observe(document.body, { childList: true, subtree: true });
    ["formset:added", "formset:removed"].forEach((name) => document.addEventListener(name, () => setTimeout(nameAll)));
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
