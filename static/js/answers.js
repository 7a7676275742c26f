// Typing is never lost, and the page says so (look, principle 2). htmx saves each field as it is left; this script keeps
// every text in the browser until the server has shown that it holds the same one.
(function () {
  "use strict";

  const form = document.querySelector("form[data-answers]");
  if (!form) return;
  const prefix = `wg-draft:${form.dataset.answers}:`;

  const keyOf = (question) => `${prefix}${location.pathname}:${question.dataset.question}`;
  const fieldsOf = (question) => question.querySelector(".wg-fields");
  const stateOf = (question) => document.getElementById(`state-${question.dataset.question}`);
  const versionOf = (question) => stateOf(question).querySelector('input[name$="-version"]');
  const same = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
  const sorted = (pairs) => pairs.map((pair) => JSON.stringify(pair)).sort();

  function controls(question) {
    const fields = fieldsOf(question);
    return fields ? [...fields.querySelectorAll("input, select, textarea")].filter((c) => c.name && c.type !== "file") : [];
  }

  // What the fields hold, as the server writes it: without blanks and space around, newlines as one sign.
  function pairs(question) {
    return controls(question)
      .filter((c) => (c.type !== "radio" && c.type !== "checkbox") || c.checked)
      .map((c) => [c.name, c.value.replace(/\r\n?/g, "\n").trim()])
      .filter(([, value]) => value !== "");
  }

  function stored(question) {
    return JSON.parse(stateOf(question).dataset.stored || "[]");
  }

  // Local storage may be full or closed to us; then the page still shows what was not saved.
  function keep(question) {
    const draft = { pairs: pairs(question), version: versionOf(question).value, at: new Date().toISOString() };
    try {
      localStorage.setItem(keyOf(question), JSON.stringify(draft));
    } catch (error) {
      console.warn("The browser does not keep a copy of this answer.", error);
    }
  }

  function draftOf(question) {
    try {
      return JSON.parse(localStorage.getItem(keyOf(question)));
    } catch (error) {
      return null;
    }
  }

  function drop(question) {
    try {
      localStorage.removeItem(keyOf(question));
    } catch (error) {
      console.warn("The browser keeps no copies.", error);
    }
  }

  function hour(moment) {
    return new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(moment);
  }

  function fail(question, why, moment) {
    const line = document.getElementById("state-failed").content.cloneNode(true);
    line.querySelectorAll("[data-why]").forEach((part) => { part.hidden = part.dataset.why !== why; });
    line.querySelectorAll("[data-hour]").forEach((part) => { part.textContent = hour(moment || new Date()); });
    line.querySelectorAll("[data-sign-in-link]").forEach((link) => { link.href = form.dataset.signIn; });
    const state = stateOf(question);
    const old = state.querySelector(".wg-state");
    if (old) old.replaceWith(line);
    else state.append(line);
  }

  function restore(question, draft) {
    const held = new Map();
    draft.pairs.forEach(([name, value]) => held.set(name, [...(held.get(name) || []), value]));
    controls(question).forEach((control) => {
      const values = held.get(control.name) || [];
      if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
      else control.value = values[0] || "";
    });
    versionOf(question).value = draft.version;
  }

  form.querySelectorAll("[data-question]").forEach((question) => {
    const draft = draftOf(question);
    if (!draft || !fieldsOf(question)) return;
    if (same(draft.pairs, stored(question))) drop(question);
    else if (!same(draft.pairs, pairs(question))) {
      restore(question, draft);
      fail(question, "kept", new Date(draft.at));
    }
  });

  form.addEventListener("input", (event) => {
    const question = event.target.closest("[data-question]");
    if (question && event.target.closest(".wg-fields")) keep(question);
  });
  form.addEventListener("change", (event) => {
    const question = event.target.closest("[data-question]");
    if (question && event.target.closest(".wg-fields")) keep(question);
    // A text written for a combined answer is meant: choose it for the writer who forgot the button beside it.
    if (event.target.name && event.target.name.endsWith("-merged")) {
      const choice = question.querySelector('input[value="merged"]');
      if (choice) choice.checked = true;
    }
  });
  form.addEventListener("click", (event) => {
    const again = event.target.closest("[data-save-again]");
    if (again) htmx.trigger(fieldsOf(again.closest("[data-question]")), "save-again");
  });

  document.body.addEventListener("htmx:configRequest", (event) => {
    const token = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    if (token) event.detail.headers["X-CSRFToken"] = token.slice("csrftoken=".length);
  });

  // "Save this choice" without a choice asks for one instead of saving the conflict again.
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const button = event.detail.elt;
    if (!button.matches("[data-pick]")) return;
    const panel = button.closest(".wg-versions");
    if (!panel.querySelector('input[type="radio"]:checked')) {
      event.preventDefault();
      panel.querySelector('input[type="radio"]').focus();
    }
  });

  document.body.addEventListener("htmx:afterRequest", (event) => {
    // The element that asked may have been replaced meanwhile: the address says which question it was.
    const asked = event.detail.requestConfig.elt;
    const answered = event.detail.requestConfig.path.match(/(\d+)\/$/);
    if (!answered) return; // Not an answer, but something beside it.
    const question = document.getElementById(`q-${answered[1]}`);
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (!question) return;
    if (status === 200) {
      const draft = draftOf(question);
      if (asked.matches("[data-pick]") || (draft && same(draft.pairs, stored(question)))) drop(question);
      if (asked.matches("[data-pick]")) {
        const control = controls(question)[0];
        if (control) control.focus();
      }
    } else if (status === 401) fail(question, "signed-out");
    else if (status === 0) fail(question, "offline");
    else if (status === 409 && stateOf(question).querySelector(".wg-versions")) keep(question);
    else if (status !== 409 && status !== 422) fail(question, "refused");
  });
})();
