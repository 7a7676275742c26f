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

  // In the person's own zone, as all times of the page; in the browser's if it does not know that one.
  function hour(moment) {
    const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    try {
      return new Intl.DateTimeFormat(document.documentElement.lang, { ...parts, timeZone: box.dataset.zone }).format(moment);
    } catch (error) {
      return new Intl.DateTimeFormat(document.documentElement.lang, parts).format(moment);
    }
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
      const text = hour(new Date(ends()));
      const place = box.querySelector("[data-hour]");
      if (place.textContent !== text) place.textContent = text;
      return show("ending");
    }
    return show("ended");
  }

  box.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const token = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    try {
      const reply = await fetch(event.target.action, {
        method: "POST",
        headers: { "HX-Request": "true", "X-CSRFToken": token ? token.slice("csrftoken=".length) : "" },
      });
      if (reply.ok) move((await reply.json()).seconds);
      else if (reply.status === 401) move(0);
    } catch (error) {
      console.warn("No connection; the session could not be kept.", error);
    }
    button.disabled = false;
  });

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
