// The designer of questionnaires: rows are moved by dragging or by buttons, a list of choices grows without asking the
// server, and a question shows only what its kind needs. Everything here is also a plain form; htmx opens and saves rows.
"use strict";
(() => {
  const design = document.getElementById("design");
  const words = design ? design.dataset : {};
  const by = (root, selector) => [...root.querySelectorAll(selector)];

  // The order
  const sections = () => by(design, "[data-section]");
  const rowsOf = (section) => by(section, ".wg-design-rows > [data-question]");
  const order = () => sections()
    .map((section) => `${section.dataset.section}:${rowsOf(section).map((row) => row.dataset.question).join(".")}`)
    .join("|");

  function renumber() {
    let number = 0;
    sections().forEach((section) => {
      const rows = rowsOf(section);
      if (rows.length) number += 1;
      by(section, ".wg-design-head [data-number]").forEach((place) => {
        place.textContent = rows.length ? number : "–";
      });
      rows.forEach((row, index) => by(row, "[data-number]").forEach((place) => {
        place.textContent = `${number}.${index + 1}`;
      }));
    });
    design.querySelector(".wg-empty")?.toggleAttribute("hidden", sections().length > 0);
  }

  function say(text) {
    const line = document.getElementById("design-said");
    if (line) line.textContent = text;
  }

  function refuse(text) {
    const box = document.getElementById("design-refused");
    if (!box) return;
    const note = document.createElement("div");
    note.className = "errornote";
    note.setAttribute("role", "alert");
    note.append(Object.assign(document.createElement("p"), { textContent: text }));
    box.replaceChildren(note);
    note.scrollIntoView({ block: "nearest" });
  }

  function take(html) {
    const made = document.createElement("template");
    made.innerHTML = html;
    by(made.content, "[id]").forEach((part) => {
      const old = document.getElementById(part.id);
      if (!part.hasAttribute("hx-swap-oob") || !old) return;
      part.removeAttribute("hx-swap-oob");
      if (part.id === "design-said") return;
      old.replaceWith(part);
    });
  }

  // Puts the rows back into an order that stood before.
  function arrange(text) {
    text.split("|").forEach((part) => {
      const [section, questions] = part.split(":");
      const box = document.getElementById(`s-${section}`);
      if (!box) return;
      design.querySelector(".wg-design-end").before(box);
      const list = box.querySelector(".wg-design-rows");
      questions.split(".").filter(Boolean).forEach((question) => {
        const row = document.getElementById(`q-${question}`);
        if (row) list.append(row);
      });
    });
    renumber();
  }

  const tokenNow = () => document.cookie.split("; ").find((part) => part.startsWith("csrftoken="))
    ?.slice("csrftoken=".length);

  let sending = Promise.resolve();

  function store(before) {
    const after = order();
    if (after === before) return;
    sending = sending.then(() => send(before, after));
  }

  async function send(before, after) {
    const form = document.getElementById("design-acts");
    const data = new FormData(form);
    data.set("order", after);
    data.set("csrfmiddlewaretoken", tokenNow() || data.get("csrfmiddlewaretoken"));
    let reply;
    try {
      reply = await fetch(design.dataset.order, { method: "POST", body: data, headers: { "HX-Request": "true" } });
    } catch (error) {
      arrange(before);
      refuse(words.failed);
      return;
    }
    if (reply.status === 401) {
      arrange(before);
      refuse(words.signedOut);
      return;
    }
    const said = reply.headers.get("Content-Type")?.includes("json") ? await reply.json() : {};
    if (said.facts) {
      take(said.facts);
      window.htmx?.process(document.getElementById("design-removed"));
    } else if (said.panel) {
      const place = document.getElementById("design-order");
      place.innerHTML = said.panel;
      place.querySelector(".wg-stale").focus();
    } else {
      arrange(before);
      refuse(said.refused || words.failed);
    }
  }

  function place(row) {
    const section = row.closest("[data-section]");
    if (row.dataset.section) {
      const all = sections();
      return words.movedSection.replace("%s", all.indexOf(row) + 1).replace("%s", all.length);
    }
    return words.moved
      .replace("%s", row.querySelector("[data-number]").textContent)
      .replace("%s", section.querySelector("[data-title]").textContent);
  }

  function move(button) {
    const step = Number(button.dataset.move);
    const row = button.closest("[data-question], [data-section]");
    const before = order();
    if (row.dataset.section) {
      const other = sections()[sections().indexOf(row) + step];
      if (!other) return;
      if (step < 0) other.before(row); else other.after(row);
    } else {
      const section = row.closest("[data-section]");
      const rows = rowsOf(section);
      const other = rows[rows.indexOf(row) + step];
      const next = sections()[sections().indexOf(section) + step];
      if (other && step < 0) other.before(row);
      else if (other) other.after(row);
      else if (!next) return;
      else if (step < 0) next.querySelector(".wg-design-rows").append(row);
      else next.querySelector(".wg-design-rows").prepend(row);
    }
    renumber();
    button.focus();
    say(place(row));
    store(before);
  }

  function drag(row, event) {
    event.preventDefault();
    const before = order();
    row.classList.add("is-dragged");
    const over = (moved) => {
      const inside = (box) => {
        const at = box.getBoundingClientRect();
        return moved.clientY >= at.top && moved.clientY <= at.bottom;
      };
      if (moved.clientY < 48) window.scrollBy(0, -16);
      if (moved.clientY > window.innerHeight - 48) window.scrollBy(0, 16);
      if (row.dataset.section) {
        const other = sections().find((section) => section !== row && inside(section));
        if (!other) return;
        const at = other.getBoundingClientRect();
        const goesUp = sections().indexOf(other) < sections().indexOf(row);
        if (goesUp && moved.clientY < at.top + Math.min(at.height, 120) / 2) other.before(row);
        if (!goesUp && moved.clientY > at.bottom - Math.min(at.height, 120) / 2) other.after(row);
        return;
      }
      const section = sections().find(inside);
      if (!section) return;
      const other = rowsOf(section).find((one) => one !== row && inside(one));
      if (other) {
        const at = other.getBoundingClientRect();
        if (moved.clientY < at.top + at.height / 2) other.before(row); else other.after(row);
      } else if (!section.contains(row)) {
        section.querySelector(".wg-design-rows").append(row);
      }
    };
    const end = () => {
      document.removeEventListener("pointermove", over);
      ["pointerup", "pointercancel"].forEach((name) => document.removeEventListener(name, end));
      row.classList.remove("is-dragged");
      renumber();
      say(place(row));
      store(before);
    };
    document.addEventListener("pointermove", over);
    ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, end));
  }

  function equip() {
    by(document, "[data-noscript]").forEach((button) => { button.hidden = true; });
    if (!design || !document.getElementById("design-acts")) return;
    const tools = by(design, ".wg-design-head .wg-design-tools, [data-question] > div > .wg-design-tools");
    tools.filter((line) => !line.querySelector(".wg-handle")).forEach((line) => {
      const handle = document.createElement("span");
      handle.className = "wg-handle";
      handle.title = words.drag;
      handle.setAttribute("aria-hidden", "true");
      handle.textContent = "⠿";
      line.prepend(handle);
    });
  }

  // The rows of a list of choices
  function renumberList(list) {
    by(list, ".wg-list-row").forEach((row, index) => {
      by(row, "[data-name]").forEach((field) => {
        field.setAttribute("aria-label", field.dataset.name.replace("%s", index + 1));
      });
      by(row, "[data-row-number]").forEach((number) => { number.textContent = index + 1; });
      by(row, "[data-row]").forEach((button) => {
        button.value = `${list.dataset.list}:${index}:${button.dataset.row}`;
      });
    });
  }

  function changeList(button) {
    const list = button.closest("[data-list]");
    const row = button.closest(".wg-list-row");
    const rows = by(list, ".wg-list-row");
    const step = button.dataset.row;
    const clear = (one) => by(one, "input").forEach((field) => { field.value = ""; });
    if (step === "add") {
      const made = (rows[rows.length - 1] || list.wgRow).cloneNode(true);
      clear(made);
      by(made, "select").forEach((field) => { field.selectedIndex = 0; });
      list.querySelector("ol").append(made);
      made.querySelector("input[type=text]").focus();
    } else if (step === "remove") {
      list.wgRow = row.cloneNode(true);
      const next = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      (next?.querySelector("[data-row=remove]") || list.querySelector("[data-row=add]")).focus();
    } else {
      const other = step === "up" ? row.previousElementSibling : row.nextElementSibling;
      if (!other) return;
      if (step === "up") other.before(row); else other.after(row);
      button.focus();
    }
    renumberList(list);
    list.closest("form").dataset.changed = "1";
  }

  function showKind(select) {
    by(select.form, "[data-kinds]").forEach((part) => {
      part.hidden = !part.dataset.kinds.split(" ").includes(select.value);
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, a");
    if (!button) return;
    if (button.dataset.move) {
      event.preventDefault();
      move(button);
    } else if (button.dataset.row) {
      event.preventDefault();
      changeList(button);
    } else if ("discard" in button.dataset) {
      event.preventDefault();
      const row = button.closest("li");
      const back = row.previousElementSibling?.querySelector(".wg-design-tools a");
      row.remove();
      back?.focus();
    } else if (button.matches("[data-question] .wg-stale-actions a") && window.htmx) {
      event.preventDefault();
      const row = button.closest("[data-question]");
      window.htmx.ajax("GET", row.querySelector("form").getAttribute("hx-post"), { target: row, swap: "outerHTML" });
    }
  });
  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".wg-handle");
    if (handle) drag(handle.closest("[data-question], [data-section]"), event);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-open-form] select[name=kind]")) showKind(event.target);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-open-form]");
    if (form) form.dataset.changed = "1";
  });
  document.addEventListener("submit", (event) => { delete event.target.dataset.changed; });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("[data-open-form][data-changed]")) event.preventDefault();
  });
  // Signing in again in another tab changes the token that the page was made with.
  document.addEventListener("htmx:configRequest", (event) => {
    const token = tokenNow();
    if (!token) return;
    event.detail.headers["X-CSRFToken"] = token;
    delete event.detail.parameters.csrfmiddlewaretoken;
  });
  // A form that opens takes the focus: where something was refused, at what is said about it.
  document.addEventListener("htmx:load", (event) => {
    const { elt } = event.detail;
    if (!elt?.matches?.(".wg-design-open")) return;
    const said = elt.querySelector(".errornote, .wg-stale");
    if (said) said.tabIndex = -1;
    (said || elt.querySelector("select:enabled:not([hidden]), textarea"))?.focus();
  });
  document.addEventListener("htmx:afterSettle", () => { equip(); if (design) renumber(); });
  document.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    if (status === 409 || status === 422) return;
    failed(event.target, status === 401 ? words.signedOut : words.failed);
  });
  ["htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, (event) => {
    failed(event.target, words.failed);
  }));

  // Said at the form whose text could not be stored; the text stays in it.
  function failed(target, text) {
    const form = target.closest?.("[data-open-form]");
    if (!form) {
      refuse(text);
      return;
    }
    form.dataset.changed = "1";
    form.querySelector(".wg-failed")?.remove();
    const note = document.createElement("div");
    note.className = "errornote wg-failed";
    note.setAttribute("role", "alert");
    note.append(Object.assign(document.createElement("p"), { textContent: text || "" }));
    form.prepend(note);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", equip);
  else equip();
})();
