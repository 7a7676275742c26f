"use strict";
/* A press on a button counts although the page moved under it: leaving a field saves it, and what the save says may
   push the button away before it is let go. The pointer itself must have stayed where it was. */
(() => {
  const STAYED = 8; // pixels
  let pressed = null;

  document.addEventListener("pointerdown", (event) => {
    const button = event.isPrimary && event.button === 0 && event.target.closest("button, input[type=submit]");
    pressed = button ? { button, x: event.clientX, y: event.clientY } : null;
  });
  document.addEventListener("pointercancel", () => { pressed = null; });
  document.addEventListener("pointerup", (event) => {
    const press = pressed;
    pressed = null;
    if (!press || press.button.contains(event.target) || !press.button.isConnected) return;
    if (Math.abs(event.clientX - press.x) <= STAYED && Math.abs(event.clientY - press.y) <= STAYED) press.button.click();
  });
})();
