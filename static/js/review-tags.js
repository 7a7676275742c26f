// Tagging words of an answer: select them, press the button below the answer, name the theme.
// Places are counted in characters as Python counts them, so that an emoji is one.
"use strict";

(() => {
  const letters = (text) => Array.from(text).length;

  // Where a place of the page stands in the text of an answer.
  const placeIn = (answer, node, offset) => {
    const range = document.createRange();
    range.selectNodeContents(answer);
    range.setEnd(node, offset);
    return letters(range.toString());
  };

  for (const answer of document.querySelectorAll("[data-answer]")) {
    const tagging = answer.closest("li").querySelector("[data-tagging]");
    if (!tagging) continue;
    const form = tagging.querySelector("form");
    let chosen = null;

    const take = () => {
      const selection = document.getSelection();
      if (!selection || selection.isCollapsed || selection.rangeCount === 0) return;
      const range = selection.getRangeAt(0);
      if (!answer.contains(range.startContainer) || !answer.contains(range.endContainer)) return;
      const text = range.toString();
      if (!text.trim()) return;
      chosen = {
        text,
        start: placeIn(answer, range.startContainer, range.startOffset),
        end: placeIn(answer, range.endContainer, range.endOffset),
      };
      form.elements.text.value = chosen.text;
      form.elements.start.value = chosen.start;
      form.elements.end.value = chosen.end;
      tagging.open = true;
    };

    document.addEventListener("selectionchange", take);
    // Words that are changed by hand stand where the server finds them.
    form.elements.text.addEventListener("input", () => {
      form.elements.start.value = form.elements.end.value = "";
    });
  }
})();
