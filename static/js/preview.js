// The preview of a questionnaire: the server says after each change which questions are asked, and nothing is stored.
// Without this script the button at the foot does the same with a new page.
"use strict";
(() => {
  document.addEventListener("wg-asked", (event) => {
    const asked = new Set(event.detail.asked.map(String));
    document.querySelectorAll("[data-asked]").forEach((question) => {
      question.hidden = !asked.has(question.dataset.asked);
    });
  });
})();
