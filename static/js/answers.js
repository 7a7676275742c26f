// Typing is never lost, and the page says so (look, principle 2). htmx saves each field as it is left; this script keeps
// every text in the browser until the server has shown that it holds the same one.
(function () {
  "use strict";

  const form = document.querySelector("form[data-answers]");
  if (!form) return;
  const keeping = window.wgKeeping;
  const prefix = `wg-draft:${form.dataset.answers}:`;

  // Not by section: a later edition may move a question to another one.
  const keyOf = (question) => `${prefix}${form.dataset.response}:${question.dataset.question}`;
  const fieldsOf = (question) => question.querySelector(".wg-fields");
  const stateOf = (question) => document.getElementById(`state-${question.dataset.question}`);
  const versionOf = (question) => stateOf(question).querySelector('input[name$="-version"]');
  const CELL = /-cell-(\d+)-/;
  const same = (a, b) => JSON.stringify(sorted(numbered(a))) === JSON.stringify(sorted(numbered(b)));
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

  // The server numbers the rows of a table anew, without the empty ones.
  function numbered(held) {
    const rows = [...new Set(held.map(([name]) => rowOf(name)).filter((row) => row !== null))].sort((a, b) => a - b);
    return held.map(([name, value]) => [name.replace(CELL, (_all, row) => `-cell-${rows.indexOf(Number(row))}-`), value]);
  }

  function rowOf(name) {
    const found = name.match(CELL);
    return found ? Number(found[1]) : null;
  }

  function stored(question) {
    return JSON.parse(stateOf(question).dataset.stored || "[]");
  }

  function keep(question) {
    keeping.keep(keyOf(question), { pairs: pairs(question), version: versionOf(question).value });
  }

  function draftOf(question) {
    return keeping.kept(keyOf(question));
  }

  function drop(question) {
    keeping.drop(keyOf(question));
  }

  function fail(question, why, moment) {
    const line = document.getElementById("state-failed").content.cloneNode(true);
    line.querySelectorAll("[data-why]").forEach((part) => { part.hidden = part.dataset.why !== why; });
    line.querySelectorAll("[data-hour]").forEach((part) => { part.textContent = keeping.hour(moment || new Date()); });
    line.querySelectorAll("[data-sign-in-link]").forEach((link) => { link.href = form.dataset.signIn; });
    const state = stateOf(question);
    const old = state.querySelector(".wg-state");
    if (old) old.replaceWith(line);
    else state.append(line);
  }

  // A page, not the word about a token: the section is this person's no longer.
  function isClosedToUs(xhr) {
    return (xhr.status === 403 || xhr.status === 404) && (xhr.getResponseHeader("Content-Type") || "").startsWith("text/html");
  }

  function restore(question, draft) {
    const held = new Map();
    draft.pairs.forEach(([name, value]) => held.set(name, [...(held.get(name) || []), value]));
    const table = question.querySelector("[data-table]");
    const rows = draft.pairs.map(([name]) => rowOf(name)).filter((row) => row !== null);
    while (table && table.querySelectorAll("tbody tr").length <= Math.max(-1, ...rows)) addRow(table);
    controls(question).forEach((control) => {
      const values = held.get(control.name) || [];
      if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
      else control.value = values[0] || "";
    });
    versionOf(question).value = draft.version;
  }

  // Tables: a row more or less at once. Without this script the same buttons post the section.
  function addRow(table) {
    const body = table.querySelector("tbody");
    const taken = [...body.rows].map((row) => Number(row.dataset.row));
    const number = Math.max(-1, ...taken) + 1;
    const row = table.querySelector("template").content.firstElementChild.cloneNode(true);
    row.dataset.row = number;
    row.querySelectorAll("*").forEach((part) => {
      [...part.attributes].forEach((attribute) => {
        if (attribute.value.includes("__row__")) attribute.value = attribute.value.replaceAll("__row__", number);
      });
    });
    body.append(row);
    renumber(table);
    return row;
  }

  function renumber(table) {
    const rows = [...table.querySelector("tbody").rows];
    rows.forEach((row, place) => row.querySelectorAll("[data-place]").forEach((part) => { part.textContent = place + 1; }));
    table.querySelector("[data-add-row]").hidden = rows.length >= Number(table.dataset.most);
  }

  form.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    const drop = event.target.closest("[data-drop-row]");
    if (!add && !drop) return;
    event.preventDefault();
    const table = event.target.closest("[data-table]");
    const question = event.target.closest("[data-question]");
    if (add) {
      addRow(table).querySelector("input, select").focus();
      return;
    }
    const row = drop.closest("tr");
    const next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    if (!table.querySelector("tbody tr")) addRow(table);
    renumber(table);
    (next || table.querySelector("tbody tr")).querySelector("input, select").focus();
    keep(question);
    htmx.trigger(fieldsOf(question), "save-again");
  });

  form.querySelectorAll("[data-question]").forEach((question) => {
    const draft = draftOf(question);
    if (!draft || !fieldsOf(question)) return;
    if (same(draft.pairs, stored(question))) drop(question);
    else if (!same(draft.pairs, pairs(question))) {
      restore(question, draft);
      question.hidden = false;
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
    event.detail.headers["X-CSRFToken"] = keeping.token();
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
    if (!answered) {
      if (!event.detail.successful) failBeside(asked, event.detail.xhr ? event.detail.xhr.status : 0);
      return; // Not an answer, but something beside it.
    }
    const question = document.getElementById(`q-${answered[1]}`);
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (!question) return;
    if (status === 200) {
      const quotation = question.querySelector("[data-quotation]");
      if (quotation) quotation.hidden = stored(question).length === 0;
      const draft = draftOf(question);
      if (asked.matches("[data-pick]") || (draft && same(draft.pairs, stored(question)))) drop(question);
      if (asked.matches("[data-pick]")) {
        const control = controls(question)[0];
        if (control) control.focus();
      }
    } else if (status === 401) fail(question, "signed-out");
    else if (status === 0) fail(question, "offline");
    else if (status === 409 && stateOf(question).querySelector(".wg-versions")) keep(question);
    else if (status !== 409 && status !== 422) fail(question, isClosedToUs(event.detail.xhr) ? "not-yours" : "refused");
  });

  // "Ask only if": the answer that was stored decides which questions are asked. Their fields stay as they are.
  document.body.addEventListener("asked", (event) => {
    const { questions, sections, next } = event.detail;
    form.querySelectorAll("[data-question]").forEach((question) => {
      const unsaved = question.querySelector(".wg-state.is-failed, .wg-versions, [data-upload-failed]");
      question.hidden = !questions.includes(Number(question.dataset.question)) && !unsaved;
    });
    document.querySelectorAll("[data-section]").forEach((row) => {
      row.querySelector("[data-not-asked]").hidden = sections.includes(Number(row.dataset.section));
    });
    const empty = form.querySelector("[data-nothing-asked]");
    if (empty) empty.hidden = questions.length > 0;
    const button = form.querySelector("[data-next]");
    if (button) button.textContent = next;
  });

  // Files: each is sent as it is chosen, several at a time, and says what became of it. Texts are not held up.
  form.querySelectorAll("[data-without-script]").forEach((part) => { part.hidden = true; });

  function uploadRow(files, name) {
    const row = document.getElementById("upload-row").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-name]").textContent = name;
    files.querySelector("[data-uploads]").append(row);
    return row;
  }

  function failUpload(row, why, text) {
    row.dataset.uploadFailed = "";
    row.querySelector("progress").remove();
    row.querySelector("[data-percent]").remove();
    const part = row.querySelector(`[data-why="${why}"]`);
    part.hidden = false;
    if (text) {
      part.textContent = text; // It begins with the name of the file.
      row.querySelector("[data-name]").hidden = true;
    }
    row.querySelectorAll("[data-sign-in-link]").forEach((link) => { link.href = form.dataset.signIn; });
  }

  const whyOf = window.wgUploads.why;

  function failBeside(asked, status) {
    const files = asked.closest("[data-files]");
    if (files && status !== 422) {
      files.querySelectorAll("[data-upload-failed]").forEach((row) => row.remove());
      failUpload(uploadRow(files, ""), whyOf(status));
    }
    const quotation = asked.closest("[data-quotation]");
    if (quotation && status !== 422) {
      const line = document.getElementById("state-failed").content.cloneNode(true);
      const said = line.querySelector(`[data-why="${whyOf(status)}"]`);
      const state = quotation.querySelector('[role="status"]');
      state.querySelectorAll(".wg-problem").forEach((part) => part.remove());
      const problem = document.createElement("span");
      problem.className = "wg-problem";
      said.querySelectorAll("[data-hour]").forEach((part) => { part.textContent = keeping.hour(new Date()); });
      problem.textContent = `${line.querySelector("b").textContent} ${said.textContent}`;
      state.append(problem);
    }
  }

  // The answers come in any order: an older list of files never replaces a newer one.
  function showFiles(files, html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-version]");
    const shown = document.getElementById(`files-${files.dataset.files}`);
    if (Number(fresh.dataset.version) < Number(shown.dataset.version)) return;
    htmx.swap(shown, html, { swapStyle: "outerHTML" });
  }

  function send(files, input, file) {
    const row = uploadRow(files, file.name);
    if (file.size > Number(files.dataset.mostBytes)) {
      failUpload(row, "large");
      return;
    }
    const data = new FormData();
    data.append(input.name, file);
    window.wgUploads.send(files.dataset.attach, data, row, (request) => {
      if (request.status === 200) {
        row.remove();
        showFiles(files, request.responseText);
      } else if (request.status === 422) {
        const told = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("[data-file-error]");
        failUpload(row, told ? "told" : "refused", told ? told.textContent.trim() : "");
      } else failUpload(row, whyOf(request.status));
    });
  }

  form.addEventListener("change", (event) => {
    const files = event.target.closest("[data-files]");
    if (!files || event.target.type !== "file") return;
    files.querySelectorAll("[data-upload-failed]").forEach((row) => row.remove());
    [...event.target.files].forEach((file) => send(files, event.target, file));
    event.target.value = ""; // Sent already: the plain Save must not send them again.
  });
})();
