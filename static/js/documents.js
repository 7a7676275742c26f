"use strict";
/* Attaching documents: each chosen file gets a title and a line that says what became of it; they are sent one after the
   other, so that their numbers follow the order in which they were chosen. What the portal did not get stays, with its
   title, to be sent again. Without this, the form sends them all at once. */
(() => {
  const form = document.querySelector("[data-attach-form]");
  if (!form || !window.wgUploads) return;
  const input = form.querySelector('input[type="file"]');
  const list = form.querySelector("[data-uploads]");
  const title = form.querySelector('[name="title"]');
  const button = form.querySelector('button[type="submit"]');
  let waiting = [];
  let unsent = [];
  let refused = 0;

  const titleFrom = (name) => name.replace(/\.[^.]*$/, "").replace(/_/g, " ").trim();
  // A title that belongs to the files, one by one, is not asked for a second time.
  if (title) title.closest("[id^=div_]").hidden = true;

  function rowFor(file) {
    const row = document.getElementById("upload-row").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-name]").textContent = file.name;
    row.querySelector("[data-title]").value = titleFrom(file.name);
    return row;
  }

  function fail(entry, why) {
    const { row } = entry;
    refused += 1;
    if (why !== "large") unsent.push(entry);
    row.querySelectorAll("progress, [data-percent]").forEach((part) => { part.hidden = true; });
    row.querySelector("[data-titled]").hidden = why === "large";
    row.querySelector(`[data-why="${why}"]`).hidden = false;
    row.querySelectorAll("[data-sign-in-link]").forEach((link) => { link.href = form.dataset.signIn; });
  }

  input.addEventListener("change", () => {
    list.replaceChildren();
    unsent = [];
    waiting = [...input.files].map((file) => ({ file, row: rowFor(file) }));
    waiting.forEach(({ row }) => list.append(row));
  });

  function next() {
    const entry = waiting.shift();
    if (!entry) {
      button.disabled = false;
      input.value = "";
      waiting = unsent;
      unsent = [];
      if (!refused) window.location.assign(form.dataset.done);
      return;
    }
    const { file, row } = entry;
    if (file.size > Number(form.dataset.mostBytes)) {
      fail(entry, "large");
      next();
      return;
    }
    row.querySelectorAll("[data-why]").forEach((part) => { part.hidden = true; });
    const data = new FormData(form);
    data.delete("files");
    data.append("files", file);
    data.set("title", row.querySelector("[data-title]").value);
    row.querySelector("[data-titled]").hidden = true;
    row.querySelectorAll("progress, [data-percent]").forEach((part) => { part.hidden = false; });
    window.wgUploads.send(form.getAttribute("action") || window.location.href, data, row, (request) => {
      const told = request.status === 200 || request.status === 422;
      const fresh = told && new DOMParser().parseFromString(request.responseText, "text/html").querySelector("li");
      if (fresh) {
        if (request.status === 422) refused += 1;
        row.replaceWith(document.adoptNode(fresh));
      } else fail(entry, window.wgUploads.why(request.status));
      next();
    });
  }

  form.addEventListener("submit", (event) => {
    if (!waiting.length) return; // The portal says what is missing.
    event.preventDefault();
    refused = 0;
    button.disabled = true;
    next();
  });
})();
