// Shows of a question only the fields that its kind is about (`data-kinds`, see questionnaires/admin_forms.py).
// What was typed into a field that is hidden stays, so that another kind can be tried. Without this script all are shown.
"use strict";
(() => {
  function show(select) {
    const row = select.closest(".inline-related");
    if (!row) return;
    row.querySelectorAll("[data-kinds]").forEach((field) => {
      const box = field.closest(".fieldBox") || field.closest(".form-row");
      box.hidden = !field.dataset.kinds.split(" ").includes(select.value);
    });
    row.querySelectorAll(".form-row").forEach((line) => {
      const boxes = [...line.querySelectorAll(".fieldBox")];
      if (boxes.length) line.hidden = boxes.every((box) => box.hidden);
    });
  }

  const isKind = (element) => element.matches("select[name$='-kind']");
  const start = () => document.querySelectorAll("select[name$='-kind']").forEach(show);

  document.addEventListener("change", (event) => { if (isKind(event.target)) show(event.target); });
  document.addEventListener("formset:added", (event) => event.target.querySelectorAll("select[name$='-kind']").forEach(show));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
