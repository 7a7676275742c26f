// Colleagues at one response: every 20 seconds the page asks who else is here, as long as somebody looks at it. A note
// that could not be sent stays in its field, and the page says so.
(function () {
  "use strict";

  const EVERY = 20000;
  let ended = false;
  let last = 0;

  function poll() {
    if (ended || document.hidden || Date.now() - last < EVERY / 2) return;
    last = Date.now();
    document.querySelectorAll("[data-poll]").forEach((place) => htmx.trigger(place, "poll"));
  }

  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    if (!token) return;
    // A sign-in changes the token; the one in the form of an older page would be taken first.
    const value = token.slice("csrftoken=".length);
    event.detail.headers["X-CSRFToken"] = value;
    if ("csrfmiddlewaretoken" in event.detail.parameters) event.detail.parameters.csrfmiddlewaretoken = value;
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const place = event.detail.requestConfig.elt;
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (place.matches("[data-poll]")) {
      if (status === 401 || status === 403 || status === 404) ended = true;
    } else if (place.matches("[data-notes]")) {
      const thread = document.querySelector(place.getAttribute("hx-target"));
      const sent = status === 200;
      if (thread) {
        thread.querySelector("[data-not-sent]").hidden = sent || status === 422;
        if (sent) thread.querySelector("textarea").focus();
      }
    }
  });

  // A link to the notes of a question opens them.
  function unfold() {
    const notes = location.hash.startsWith("#notes-") && document.getElementById(location.hash.slice(1));
    if (notes) notes.open = true;
  }

  window.addEventListener("hashchange", unfold);
  document.addEventListener("visibilitychange", poll);
  document.addEventListener("DOMContentLoaded", () => {
    unfold();
    poll();
    setInterval(poll, EVERY);
  });
})();
