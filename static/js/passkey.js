// Shows the passkey buttons where the browser can use them (allauth's own script does the rest), and says on the page
// when a passkey was not read.
"use strict";
(() => {
  if (!window.PublicKeyCredential) return;
  document.querySelectorAll("[data-passkey]").forEach((button) => { button.hidden = false; });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const said = document.getElementById("passkey_said");
    if (said) said.hidden = false;
  });
})();
