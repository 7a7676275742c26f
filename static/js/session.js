// Two minutes before a session ends the page says so. What is done in another tab counts for all: the end is shared.
(function () {
  "use strict";

  const box = document.getElementById("session");
  if (!box) return;
  const KEY = "wg-session-ends";
  const WARNING = 120000;
  const button = box.querySelector("button");
  let own = 0;
  let said = "";

  function ends() {
    try {
      return Number(localStorage.getItem(KEY)) || own;
    } catch (error) {
      return own; // This browser keeps nothing: the tab counts for itself.
    }
  }

  function move(seconds) {
    own = Date.now() + seconds * 1000;
    try {
      localStorage.setItem(KEY, String(own));
    } catch (error) {
      console.warn("The browser does not share the end of the session.", error);
    }
    look();
  }

  function show(state) {
    if (said === state) return;
    said = state;
    box.hidden = !state;
    box.querySelectorAll("[data-when]").forEach((part) => { part.hidden = part.dataset.when !== state; });
    // Whoever is typing goes on typing: the text is read to them, the focus stays.
    const typing = document.activeElement && document.activeElement.matches("input, textarea, select, [contenteditable]");
    if (state === "ending" && !typing) button.focus();
  }

  function look() {
    const left = ends() - Date.now();
    if (left > WARNING) return show("");
    if (left > 0) {
      const text = window.wgKeeping.hour(new Date(ends()));
      const place = box.querySelector("[data-hour]");
      if (place.textContent !== text) place.textContent = text;
      return show("ending");
    }
    return show("ended");
  }

  box.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const reply = await fetch(event.target.action, {
        method: "POST",
        headers: { "HX-Request": "true", "X-CSRFToken": window.wgKeeping.token() },
      });
      if (reply.ok) move((await reply.json()).seconds);
      else if (reply.status === 401) move(0);
    } catch (error) {
      console.warn("No connection; the session could not be kept.", error);
    }
    button.disabled = false;
  });

  // The same from the screens that send without htmx.
  document.addEventListener("wg:answered", (event) => { if (event.detail.seconds) move(Number(event.detail.seconds)); });
  // Every answer to a field that was saved says how long the session now lasts.
  document.addEventListener("htmx:afterRequest", (event) => {
    const seconds = event.detail.xhr && event.detail.xhr.getResponseHeader("X-Session-Seconds");
    if (seconds) move(Number(seconds));
  });
  window.addEventListener("storage", (event) => { if (event.key === KEY) look(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });

  move(Number(box.dataset.seconds));
  setInterval(look, 5000);
})();
