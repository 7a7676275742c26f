// The rich-text editor puts a text box without a name beside each text area: give it the name and the hint of its label.
"use strict";

document.addEventListener("prose-editor:ready", (event) => {
  const { editor, textarea } = event.detail;
  const box = editor.view.dom;
  const label = document.querySelector(`label[for="${CSS.escape(textarea.id)}"]`);
  const row = textarea.closest(".inline-related")?.querySelector(":scope > h3 .inline_label");
  const name = label ? label.textContent.trim().replace(/:$/, "") : textarea.getAttribute("aria-label") || textarea.name;
  box.setAttribute("role", "textbox");
  box.setAttribute("aria-multiline", "true");
  box.setAttribute("aria-label", row ? `${name}, ${row.textContent.trim()}` : name);
  const hint = textarea.getAttribute("aria-describedby");
  if (hint) box.setAttribute("aria-describedby", hint);
  if (label) label.addEventListener("click", () => editor.commands.focus());
});
