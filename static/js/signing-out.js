// Signing out takes along the copies of answers that this browser keeps: the next person may be another one.
(function () {
  "use strict";

  document.querySelectorAll('form[action$="/logout/"]').forEach((form) => {
    form.addEventListener("submit", () => {
      try {
        Object.keys(localStorage).filter((key) => key.startsWith("wg-")).forEach((key) => localStorage.removeItem(key));
      } catch (error) {
        console.warn("The browser keeps no copies.", error);
      }
    });
  });
})();
