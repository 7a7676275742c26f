// The note-taker's screen. A note is saved as it is typed, under a key of its own: sent twice it is one note. What could
// not be stored stays in the browser and is sent again; what a colleague writes comes every few seconds, but never into
// a note in which somebody types. Without this script every control is a plain form.
(function () {
  "use strict";

  const root = document.querySelector("[data-live]");
  if (!root) return;
  const keeping = window.wgKeeping;
  const POLL = 4000; // milliseconds
  const PAUSE = 1200; // after the last key
  const AGAIN = 5000; // after a failure
  const prefix = `wg-draft:${root.dataset.live}:${root.dataset.path}:`;
  const notes = document.getElementById("notes");
  const fresh = root.querySelector("form[data-new]");
  const template = document.getElementById("note-template");
  const FIELDS = ["delegation", "kind", "speaker", "text"];
  const work = new Map(); // by key of a note: what is on its way, and what comes after it
  let polling = false;

  root.classList.add("is-scripted");

  const field = (form, name) => form.elements.namedItem(name);
  const keyOf = (form) => field(form, "key").value;
  const storeOf = (key) => `${prefix}note:${key}`;
  const formOf = (key) => [...root.querySelectorAll("form[data-note]")].find((form) => keyOf(form) === key);
  const values = (form) => Object.fromEntries(FIELDS.map((name) => [name, field(form, name).value]));
  const tidy = (held) => JSON.stringify(FIELDS.map((name) => (held[name] || "").replace(/\r\n?/g, "\n").trim()));
  const same = (a, b) => tidy(a) === tidy(b);
  const parse = (html) => new DOMParser().parseFromString(html, "text/html");

  function draw() {
    if (window.crypto.randomUUID) return window.crypto.randomUUID();
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  async function send(address, options) {
    const reply = await fetch(address, {
      ...options,
      headers: { "HX-Request": "true", "HX-Current-URL": location.href, "X-CSRFToken": keeping.token() },
      redirect: "error",
      signal: AbortSignal.timeout(20000),
    });
    document.dispatchEvent(new CustomEvent("wg:answered", { detail: { seconds: reply.headers.get("X-Session-Seconds") } }));
    return reply;
  }

  // Notes

  function keep(form) {
    const draft = { ...values(form), version: field(form, "version").value, item: field(form, "item").value };
    keeping.keep(storeOf(keyOf(form)), draft);
  }

  function isDirty(form) {
    return keeping.kept(storeOf(keyOf(form))) !== null || work.has(keyOf(form));
  }

  function isBusy(li) {
    const form = li.querySelector("form[data-note]");
    return Boolean(form) && (isDirty(form) || li.contains(document.activeElement) || li.querySelector(".wg-versions"));
  }

  function fail(form, why, moment, told) {
    const line = document.getElementById("state-failed").content.cloneNode(true);
    line.querySelectorAll("[data-why]").forEach((part) => { part.hidden = part.dataset.why !== why; });
    line.querySelectorAll("[data-hour]").forEach((part) => { part.textContent = keeping.hour(moment || new Date()); });
    line.querySelectorAll("[data-sign-in-link]").forEach((link) => { link.href = root.dataset.signIn; });
    if (told) line.querySelector('[data-why="told"]').textContent = told;
    const state = form.querySelector("[data-state]");
    const old = state.querySelector(".wg-state");
    if (old) old.replaceWith(line);
    else state.append(line);
  }

  function later(key, wait) {
    const job = work.get(key) || {};
    clearTimeout(job.timer);
    job.timer = setTimeout(() => { const form = formOf(key); if (form) save(form); }, wait);
    work.set(key, job);
  }

  async function save(form, pick) {
    const key = keyOf(form);
    const job = work.get(key) || {};
    if (job.sending) {
      job.again = true;
      job.pick = job.pick || pick;
      return;
    }
    // Two texts stand there already, and this one is the same: nothing new to ask, and what is typed there stays.
    if (!pick && form.querySelector(".wg-versions") && form.dataset.refused === tidy(values(form))) {
      clearTimeout(job.timer);
      work.delete(key);
      return;
    }
    if (form.hasAttribute("data-new") && !field(form, "text").value.trim()) {
      clearTimeout(job.timer);
      work.delete(key);
      return;
    }
    clearTimeout(job.timer);
    work.set(key, Object.assign(job, { sending: true, again: false, pick: false }));
    const data = new FormData(form);
    if (!pick) ["pick", "theirs", "merged"].forEach((name) => data.delete(name));
    const sent = values(form);
    let status = 0;
    let text = "";
    try {
      const reply = await send(form.action, { method: "POST", body: data });
      status = reply.status;
      text = await reply.text();
    } catch (error) {
      console.warn("A note could not be sent.", error);
    }
    job.sending = false;
    const chosen = job.pick;
    const now = formOf(key); // it may have become another form meanwhile
    if (!now) return work.delete(key);
    if (chosen && status === 409) {
      work.delete(key);
      return save(now, true);
    }
    const li = status === 200 || status === 409 ? parse(text).querySelector("li") : null;
    if (status === 200 && li) stored(now, li, sent, pick, job);
    else if (status === 409 && li) {
      now.querySelector("[data-state]").replaceWith(li.querySelector("[data-state]"));
      now.dataset.refused = tidy(sent);
      keep(now);
      if (job.again && !same(values(now), sent)) later(key, PAUSE);
      else work.delete(key);
    } else if (status === 401) {
      fail(now, "signed-out");
      work.delete(key);
    } else if (status === 422 || status === 409) {
      fail(now, "told", null, text);
      work.delete(key);
    } else {
      fail(now, status === 0 ? "offline" : "refused");
      later(key, AGAIN);
    }
  }

  function stored(form, li, sent, pick, job) {
    const key = keyOf(form);
    field(form, "version").value = li.dataset.version;
    form.dataset.stored = tidy(sent);
    const mine = form.closest("li");
    if (mine) Object.assign(mine.dataset, { pk: li.dataset.pk, version: li.dataset.version });
    else form.dataset.pk = li.dataset.pk;
    if (pick || same(values(form), sent)) {
      work.delete(key);
      keeping.drop(storeOf(key));
      if (mine && (pick || !mine.contains(document.activeElement))) {
        mine.replaceWith(li);
        if (pick) li.querySelector("textarea").focus();
        return;
      }
      if (mine) mine.dataset.old = ""; // its tools come with the next answer, once nobody types in it
      form.querySelector("[data-state]").replaceWith(li.querySelector("[data-state]"));
    } else {
      keep(form);
      form.querySelector("[data-state]").replaceWith(li.querySelector("[data-state]"));
      later(key, PAUSE);
    }
    if (job.again && work.has(key)) later(key, 0);
  }

  // The next note: what stands in the form becomes a note of the list at once, whether or not there is a connection.
  function begin() {
    if (!fresh || !field(fresh, "text").value.trim()) {
      if (fresh) field(fresh, "text").focus();
      return;
    }
    const key = keyOf(fresh);
    const li = made(key, values(fresh), field(fresh, "version").value);
    if (fresh.dataset.pk) li.dataset.pk = fresh.dataset.pk;
    li.querySelector("[data-state]").replaceWith(fresh.querySelector("[data-state]").cloneNode(true));
    delete fresh.dataset.pk;
    clear();
    field(fresh, "delegation").focus();
    save(li.querySelector("form"));
  }

  function clear() {
    field(fresh, "key").value = draw();
    field(fresh, "version").value = "0";
    FIELDS.forEach((name) => { field(fresh, name).value = name === "kind" ? "note" : ""; });
    fresh.querySelector("[data-state]").innerHTML = start;
  }
  const start = fresh ? fresh.querySelector("[data-state]").innerHTML : "";

  function made(key, held, version) {
    const li = template.content.firstElementChild.cloneNode(true);
    li.querySelectorAll("*").forEach((part) => {
      [...part.attributes].forEach((attribute) => {
        if (attribute.value.includes("__key__")) attribute.value = attribute.value.replaceAll("__key__", key);
      });
    });
    li.dataset.key = key;
    li.dataset.old = "";
    const form = li.querySelector("form");
    field(form, "key").value = key;
    field(form, "version").value = version;
    FIELDS.forEach((name) => { field(form, name).value = held[name] || (name === "kind" ? "note" : ""); });
    notes.append(li);
    return li;
  }

  // What was typed in this browser and never stored.
  function restore() {
    const elsewhere = new Set();
    keeping.keysUnder(`${prefix}note:`).forEach((store) => {
      const key = store.slice(`${prefix}note:`.length);
      const draft = keeping.kept(store);
      if (!draft) return;
      if (draft.item !== root.dataset.item) return elsewhere.add(draft.item);
      if (!template) return;
      let form = formOf(key);
      if (form && same(values(form), draft)) return keeping.drop(store);
      if (!form) form = made(key, draft, draft.version).querySelector("form");
      FIELDS.forEach((name) => { field(form, name).value = draft[name] || ""; });
      field(form, "version").value = draft.version;
      save(form);
    });
    const box = root.querySelector("[data-elsewhere]");
    if (!box || !elsewhere.size) return;
    box.hidden = false;
    elsewhere.forEach((item) => {
      const address = `${root.dataset.path}?item=${encodeURIComponent(item)}`;
      const known = [...root.querySelectorAll('[data-region="agenda"] a')].find((link) => link.getAttribute("href") === address);
      const link = document.createElement("a");
      link.href = address;
      link.textContent = known ? known.textContent : item;
      box.querySelector("[data-links]").append(link, " ");
    });
  }

  root.addEventListener("input", (event) => {
    const form = event.target.closest("form");
    if (!form) return;
    if (form.matches("[data-note]")) {
      if (!FIELDS.includes(event.target.name)) return;
      keep(form);
      // A delegation is looked up once it is written: half a name is none.
      if (event.target.name !== "delegation") later(keyOf(form), PAUSE);
    } else if (form.dataset.keep) keepForm(form);
    else if (form.hasAttribute("data-dirty-keeps")) form.dataset.dirty = "";
  });
  root.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-note]");
    if (!form) return;
    if (FIELDS.includes(event.target.name)) {
      // Left as it was stored: a colleague's newer text is no conflict with it.
      if (form.dataset.stored === tidy(values(form)) && !work.has(keyOf(form))) return keeping.drop(storeOf(keyOf(form)));
      keep(form);
      // The next note waits: what its save says would push its button away from under a press that has begun.
      later(keyOf(form), form === fresh ? PAUSE : event.target.name === "text" ? 0 : 100);
    } else if (event.target.name === "merged") form.querySelector('input[value="merged"]').checked = true;
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest("form");
    if (!form) return;
    event.preventDefault();
    if (form === fresh) begin();
    else if (form.matches("[data-note]")) {
      save(form);
      if (fresh) field(fresh, "delegation").focus();
    } else form.requestSubmit();
  });
  root.addEventListener("click", (event) => {
    const again = event.target.closest("[data-save-again]");
    if (again) save(again.closest("form"));
  });
  window.addEventListener("online", () => {
    [...root.querySelectorAll("form[data-note]")].filter((form) => keeping.kept(storeOf(keyOf(form)))).forEach((form) => save(form));
    poll();
  });
  // Everything else: a form is sent beside the page, and the regions show what came of it.

  function keepForm(form) {
    const held = {};
    new FormData(form).forEach((value, name) => { if (name !== "csrfmiddlewaretoken") held[name] = value; });
    keeping.keep(`${prefix}form:${form.dataset.keep}:${root.dataset.item || ""}`, held);
  }

  function restoreForms() {
    root.querySelectorAll("form[data-keep]").forEach((form) => {
      const held = keeping.kept(`${prefix}form:${form.dataset.keep}:${root.dataset.item || ""}`);
      if (!held) return;
      Object.entries(held).forEach(([name, value]) => {
        const control = field(form, name);
        if (control && name !== "at") control.value = value;
      });
    });
  }

  async function act(form, button) {
    const said = form.querySelector("[data-said]");
    const data = new FormData(form);
    if (button && button.name) data.append(button.name, button.value);
    const address = (button && button.getAttribute("formaction")) || form.getAttribute("action");
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    said.textContent = "";
    let status = 0;
    try {
      const reply = await send(address, { method: "POST", body: data });
      status = reply.status;
      if (status === 409 || status === 422) {
        const text = await reply.text();
        if (reply.headers.get("Content-Type").startsWith("text/html")) {
          const li = parse(text).querySelector("li");
          form.closest("li").replaceWith(li);
          li.querySelector("form").dataset.dirty = "";
        } else said.textContent = text;
      } else if (status !== 204) said.textContent = status === 401 ? root.dataset.signedOut : root.dataset.refused;
    } catch (error) {
      said.textContent = root.dataset.offline;
    }
    delete form.dataset.sending;
    if (status !== 204) return;
    delete form.dataset.dirty;
    if (button && button.dataset.away !== undefined) leave(form.closest("li"), button.dataset.away);
    if (form.dataset.act === "add") {
      if (form.dataset.keep) keeping.drop(`${prefix}form:${form.dataset.keep}:${root.dataset.item || ""}`);
      [...form.elements].forEach((control) => { if (control.matches("input:not([type=hidden]), textarea")) control.value = ""; });
      if (field(form, "key")) field(form, "key").value = draw();
    }
    await poll(true);
  }

  // A note goes from the page: whoever sent it away goes on at the next one, so that nothing holds it back.
  function leave(li, how) {
    const next = li.nextElementSibling || li.previousElementSibling;
    const goOn = (next && next.querySelector(".wg-live-tools button")) || (fresh && field(fresh, "text"));
    if (goOn) goOn.focus();
    root.querySelector("[data-fresh-said]").textContent = how === "moved" ? root.dataset.moved : "";
  }

  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-note]")) {
      event.preventDefault();
      const pick = event.submitter && event.submitter.matches("[data-pick]");
      if (pick && !form.querySelector('input[name="pick"]:checked')) form.querySelector('input[name="pick"]').focus();
      else if (form === fresh && !pick) begin();
      else save(form, pick);
    } else if (form.dataset.act !== undefined) {
      event.preventDefault();
      act(form, event.submitter);
    }
  });

  // What has changed since

  async function poll(now) {
    if ((polling && !now) || (document.hidden && !now)) return;
    polling = true;
    try {
      const asked = new URLSearchParams();
      if (root.dataset.item) asked.set("item", root.dataset.item);
      if (notes) asked.set("known", known().join(","));
      root.querySelectorAll("[data-region]").forEach((region) => asked.set(region.dataset.region, region.dataset.stamp));
      const reply = await send(`${root.dataset.changes}?${asked}`, { method: "GET" });
      if (reply.status === 200) apply(parse(await reply.text()));
    } catch (error) {
      console.warn("The page could not ask for what has changed.", error);
    }
    polling = false;
  }

  function known() {
    const there = [...notes.children].filter((li) => li.dataset.pk && (li.dataset.old === undefined || isBusy(li)));
    const list = there.map((li) => `${li.dataset.pk}:${li.dataset.version}`);
    if (fresh && fresh.dataset.pk) list.push(`${fresh.dataset.pk}:${field(fresh, "version").value}`);
    return list;
  }

  function apply(page) {
    const list = page.querySelector("[data-order]");
    if (list && notes) applyNotes([...list.children], list.dataset.order.trim().split(/\s+/));
    page.querySelectorAll("[data-region]").forEach((region) => {
      const shown = root.querySelector(`[data-region="${region.dataset.region}"]`);
      // A text that somebody changes there stays until it is saved.
      if (!shown || shown.querySelector("form[data-dirty], form[data-sending]")) return;
      if (shown.contains(document.activeElement) && document.activeElement.matches("textarea, input")) return;
      const focused = shown.contains(document.activeElement) ? document.activeElement.id : "";
      const open = [...shown.querySelectorAll("details")].map((part) => part.open);
      shown.replaceWith(region);
      region.querySelectorAll("details").forEach((part, place) => { if (open[place] !== undefined) part.open = open[place]; });
      const again = focused && document.getElementById(focused);
      if (again) again.focus();
    });
  }

  function applyNotes(changed, order) {
    const liOf = (key) => [...notes.children].find((li) => li.dataset.key === key);
    const writing = fresh ? keyOf(fresh) : "";
    let added = false;
    changed.forEach((li) => {
      const shown = liOf(li.dataset.key);
      const form = li.querySelector("form[data-note]");
      if (form) form.dataset.stored = tidy(values(form));
      if (li.dataset.key === writing) return;
      if (!shown) {
        notes.append(li);
        added = true;
      } else if (!isBusy(shown)) shown.replaceWith(li);
    });
    [...notes.children].forEach((li) => {
      if (li.dataset.pk && !order.includes(li.dataset.key) && !isBusy(li)) li.remove();
    });
    let last = null;
    order.forEach((key) => {
      const li = liOf(key);
      if (!li) return;
      const right = last ? last.nextElementSibling === li : notes.firstElementChild === li;
      if (!right && !li.contains(document.activeElement)) {
        if (last) last.after(li);
        else notes.prepend(li);
      }
      last = li;
    });
    if (added) root.querySelector("[data-fresh-said]").textContent = root.dataset.fresh;
  }

  if (notes) notes.querySelectorAll("form[data-note]").forEach((form) => { form.dataset.stored = tidy(values(form)); });
  restore();
  restoreForms();
  if (fresh && fresh.hasAttribute("data-prefilled")) field(fresh, "text").focus();
  setInterval(() => poll(), POLL);
  document.addEventListener("visibilitychange", () => poll());
})();
