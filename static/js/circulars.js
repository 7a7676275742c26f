// Writing circulars in the administration: merge fields are put where the cursor stood last, and the fields of a rule
// show only while its box is ticked. Without this script they are typed, and all show.
"use strict";
(() => {
  const editors = new Map();
  let last = null;

  document.addEventListener("prose-editor:ready", (event) => {
    const { editor, textarea } = event.detail;
    if (!textarea.hasAttribute("data-merge")) return;
    editors.set(textarea, editor);
    editor.on("focus", () => { last = textarea; });
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("input[data-merge], textarea[data-merge]")) last = event.target;
  });

  function insert(name) {
    const field = last || [...editors.keys()][0] || document.querySelector("[data-merge]");
    if (!field) return;
    const editor = editors.get(field);
    if (editor) {
      editor.chain().focus().insertContent(name).run();
      return;
    }
    const end = field.selectionEnd ?? field.value.length;
    field.setRangeText(name, field.selectionStart ?? end, end, "end");
    field.focus();
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-insert]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => insert(button.dataset.insert));
    });
    document.querySelectorAll("[data-of-rule]").forEach((part) => {
      const box = document.getElementById(part.dataset.ofRule);
      const show = () => { part.hidden = !box.checked; };
      box.addEventListener("change", show);
      if (!part.querySelector(".errorlist")) show();
    });
  });
})();
