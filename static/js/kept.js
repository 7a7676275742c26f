// Texts of plain forms stay in this browser until a page of the portal shows them as stored: a line that fails, a page
// left by mistake or a round that ended meanwhile loses no word. The form is sent as ever; without this script it is
// the same form. A form says where its text belongs (data-kept), and what is stored there says so too (data-stored).
(function () {
  "use strict";

  const root = document.querySelector("[data-keeping]");
  if (!root) return;
  const keeping = window.wgKeeping;
  const prefix = `wg-draft:${root.dataset.keeping}:`;
  const forms = [...document.querySelectorAll("form[data-kept]")];
  const keyOf = (form) => prefix + form.dataset.kept;
  const squeeze = (text) => (text || "").replace(/\s+/g, " ").trim();

  // What is typed or chosen. A tick that says "this is meant" is given each time anew.
  const controls = (form) => [...form.elements].filter((c) => c.name && c.name !== "csrfmiddlewaretoken" && c.type !== "checkbox");
  const areas = (form) => controls(form).filter((c) => c.matches("textarea"));

  function keep(form) {
    if (areas(form).every((area) => !area.value.trim())) return keeping.drop(keyOf(form));
    const fields = {};
    controls(form).forEach((c) => { if (c.type !== "radio" || c.checked) fields[c.name] = c.value; });
    keeping.keep(keyOf(form), { fields, texts: areas(form).map((area) => area.name), label: form.dataset.keptAs, address: form.dataset.keptAt });
  }

  function storedAt(key) {
    const places = [document, ...[...document.querySelectorAll("template[data-stored-texts]")].map((part) => part.content)];
    return places.flatMap((place) => [...place.querySelectorAll("[data-stored]")]).filter((part) => prefix + part.dataset.stored === key);
  }

  function isStored(key, draft) {
    return storedAt(key).some((place) => draft.texts.every((name) => {
      const part = place.querySelector(`[data-field="${name}"]`);
      return squeeze(part ? part.textContent : "") === squeeze(draft.fields[name]);
    }));
  }

  function tell(form, why, moment) {
    form.querySelectorAll("[data-told]").forEach((part) => part.remove());
    const line = document.getElementById("kept-line").content.firstElementChild.cloneNode(true);
    line.querySelectorAll("[data-why]").forEach((part) => { part.hidden = part.dataset.why !== why; });
    line.querySelectorAll("[data-moment]").forEach((part) => { part.textContent = keeping.moment(moment); });
    line.querySelector("[data-drop]").addEventListener("click", () => {
      keeping.drop(keyOf(form));
      form.reset();
      line.remove();
      areas(form)[0].focus();
    });
    const button = form.querySelector('button[type="submit"]');
    (button.closest(".wg-actions") || button).before(line);
  }

  function restore(form) {
    const draft = keeping.kept(keyOf(form));
    if (!draft) return;
    // What was refused stands in the form as it was sent, and goes on from what is stored by now.
    if (form.hasAttribute("data-refused")) return keep(form);
    controls(form).forEach((c) => {
      if (c.type === "radio") c.checked = draft.fields[c.name] === c.value;
      else if (c.name in draft.fields) c.value = draft.fields[c.name];
    });
    tell(form, "kept", new Date(draft.at));
  }

  // What belongs to no form that is open here.
  function list(key) {
    const box = document.getElementById("kept-elsewhere");
    const draft = keeping.kept(key);
    if (!box || !draft) return;
    const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
    const name = key.slice(prefix.length);
    row.querySelector("[data-label]").textContent = draft.label;
    row.querySelector("[data-moment]").textContent = keeping.moment(new Date(draft.at));
    draft.texts.map((text) => draft.fields[text]).filter((text) => text.trim()).forEach((text) => {
      const part = document.createElement("blockquote");
      part.dir = "auto";
      part.textContent = text;
      row.querySelector("[data-texts]").append(part);
    });
    const link = row.querySelector("a");
    const open = (box.dataset.open || "").split(" ").includes(name.split(":")[0]);
    if (open && /^[/?]/.test(draft.address)) link.href = draft.address;
    else link.remove();
    row.querySelector("[data-drop]").addEventListener("click", () => {
      keeping.drop(key);
      row.remove();
      box.hidden = !box.querySelector("li");
      const heading = document.querySelector("h1");
      heading.tabIndex = -1;
      heading.focus();
    });
    box.querySelector("ul").append(row);
    box.hidden = false;
  }

  keeping.keysUnder(prefix).forEach((key) => {
    const draft = keeping.kept(key);
    if (!draft || !draft.fields || isStored(key, draft)) return keeping.drop(key);
    if (!forms.some((form) => keyOf(form) === key)) list(key);
  });
  forms.forEach((form) => {
    restore(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("change", () => keep(form));
    // The browser's own page about a missing line would take the place of the text.
    form.addEventListener("submit", (event) => {
      keep(form);
      if (navigator.onLine) return;
      event.preventDefault();
      tell(form, "offline", new Date());
    });
  });
})();
