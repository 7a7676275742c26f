// Puts the rows of an inline (`fieldset.ordered`, see icoca_portal/lib/ordering.py) in order: dragged by a handle, or
// moved by two buttons that the keyboard reaches. The numbers typed into the position fields are what is saved, so the
// page works without this script too.
"use strict";
(() => {
  const words = { up: "Move up", down: "Move down", drag: "Drag to another place", moved: "Row %s of %s" };

  const rowsOf = (box) => [...box.querySelectorAll("tr.form-row, .inline-related")].filter(
    (row) => !row.classList.contains("empty-form") && !row.classList.contains("tabular") && positionOf(row));
  const positionOf = (row) => row.querySelector("input[name$='-position']");
  const isEmpty = (row) => !row.classList.contains("has_original")
    && ![...row.querySelectorAll("input:not([type=hidden]):not([name$='-position']), textarea, select")].some(
      (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked : field.value));

  function renumber(box) {
    let number = 0;
    rowsOf(box).forEach((row) => {
      const field = positionOf(row);
      if (isEmpty(row) && !field.value) return;
      number += 1;
      field.value = number;
    });
    rowsOf(box).forEach((row, index, all) => {
      row.querySelector(".order-up").disabled = index === 0;
      row.querySelector(".order-down").disabled = index === all.length - 1;
    });
  }

  function say(box, row) {
    const rows = rowsOf(box);
    box.querySelector(".order-said").textContent = words.moved
      .replace("%s", rows.indexOf(row) + 1).replace("%s", rows.length);
  }

  function move(box, row, step) {
    const rows = rowsOf(box);
    const other = rows[rows.indexOf(row) + step];
    if (!other) return;
    if (step < 0) other.before(row); else other.after(row);
    renumber(box);
    say(box, row);
    const button = row.querySelector(step < 0 ? ".order-up" : ".order-down");
    (button.disabled ? row.querySelector(step < 0 ? ".order-down" : ".order-up") : button).focus();
  }

  function button(name, label, sign) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = name;
    made.title = label;
    made.setAttribute("aria-label", label);
    made.textContent = sign;
    return made;
  }

  function equip(box, row) {
    if (row.querySelector(".order-tools")) return;
    const tools = document.createElement("span");
    tools.className = "order-tools";
    const handle = document.createElement("span");
    handle.className = "order-handle";
    handle.title = words.drag;
    handle.setAttribute("aria-hidden", "true");
    handle.textContent = "⠿";
    const up = button("order-up", words.up, "↑");
    const down = button("order-down", words.down, "↓");
    up.addEventListener("click", () => move(box, row, -1));
    down.addEventListener("click", () => move(box, row, 1));
    handle.addEventListener("pointerdown", (event) => drag(box, row, handle, event));
    tools.append(handle, up, down);
    positionOf(row).after(tools);
  }

  function drag(box, row, handle, event) {
    event.preventDefault();
    row.classList.add("is-dragged");
    // Heard on the document: a row that is put elsewhere in the page would lose the pointer it had captured.
    const over = (moved) => {
      const rows = rowsOf(box);
      const target = rows.find((other) => {
        const place = other.getBoundingClientRect();
        return other !== row && moved.clientY >= place.top && moved.clientY <= place.bottom;
      });
      if (!target) return;
      const goesUp = rows.indexOf(target) < rows.indexOf(row);
      const place = target.getBoundingClientRect();
      const isPastHalf = moved.clientY > place.top + place.height / 2;
      if (goesUp && !isPastHalf) target.before(row);
      if (!goesUp && isPastHalf) target.after(row);
    };
    const end = () => {
      document.removeEventListener("pointermove", over);
      ["pointerup", "pointercancel"].forEach((name) => document.removeEventListener(name, end));
      row.classList.remove("is-dragged");
      renumber(box);
      say(box, row);
    };
    document.addEventListener("pointermove", over);
    ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, end));
  }

  const numberIn = (row) => Number(row.id.replace(/^.*-/, ""));

  function arrange(box, key) {
    const rows = rowsOf(box);
    if (!rows.length) return;
    const place = document.createComment("");
    rows[0].before(place);
    [...rows].sort((one, other) => key(one) - key(other)).forEach((row) => place.before(row));
    place.remove();
  }

  function start() {
    // The words in the language of the page (templates/admin/change_form.html).
    Object.assign(words, document.getElementById("order-words")?.dataset);
    document.querySelectorAll("fieldset.ordered").forEach((box) => {
      const said = document.createElement("p");
      said.className = "order-said visually-hidden";
      said.setAttribute("role", "status");
      box.append(said);
      rowsOf(box).forEach((row) => equip(box, row));
      arrange(box, (row) => Number(positionOf(row).value) || Infinity);
      renumber(box);
      document.addEventListener("formset:added", (event) => {
        if (!box.contains(event.target)) return;
        event.target.querySelectorAll(".order-tools").forEach((tools) => tools.remove());
        equip(box, event.target);
        positionOf(event.target).value = rowsOf(box).length;
        renumber(box);
      });
      document.addEventListener("formset:removed", () => {
        // Django numbers the forms anew in the order of the page, which must be that of the forms while it does so.
        const order = new Map(rowsOf(box).map((row, index) => [row, index]));
        arrange(box, numberIn);
        setTimeout(() => {
          arrange(box, (row) => order.get(row));
          renumber(box);
        });
      });
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
