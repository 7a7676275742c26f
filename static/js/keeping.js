// What every page needs that saves as one types: copies of texts in the browser until they are stored, the hour in the
// reader's own zone, the token of a form. All keys begin with "wg-", which signing out takes along (signing-out.js).
window.wgKeeping = (function () {
  "use strict";

  // Local storage may be full or closed to us; then the page still shows what was not saved.
  function keep(key, draft) {
    try {
      localStorage.setItem(key, JSON.stringify({ ...draft, at: new Date().toISOString() }));
    } catch (error) {
      console.warn("The browser does not keep a copy of this text.", error);
    }
  }

  function kept(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch (error) {
      return null;
    }
  }

  function drop(key) {
    try {
      localStorage.removeItem(key);
    } catch (error) {
      console.warn("The browser keeps no copies.", error);
    }
  }

  function keysUnder(prefix) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    } catch (error) {
      return [];
    }
  }

  // In the person's own zone, as all times of the page; in the browser's if it does not know that one.
  function written(moment, parts) {
    const session = document.getElementById("session");
    // The day before the month, as everywhere on the page.
    const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
    try {
      return new Intl.DateTimeFormat(language, { ...parts, timeZone: session ? session.dataset.zone : undefined }).format(moment);
    } catch (error) {
      return new Intl.DateTimeFormat(language, parts).format(moment);
    }
  }

  function hour(moment) {
    return written(moment, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }

  function moment(at) {
    return written(at, { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }

  function token() {
    const found = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    return found ? found.slice("csrftoken=".length) : "";
  }

  return { keep, kept, drop, keysUnder, hour, moment, token };
})();
