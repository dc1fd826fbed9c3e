// The officer's page of a recording day: a tap is a mark, kept on the device first, then shown, then sent.
"use strict";

(() => {
  const BATCH = 500;
  const DOUBLE_TAP = 700;
  const data = JSON.parse(document.getElementById("field-data").textContent);
  const form = document.querySelector("[data-field-form]");
  if (!form) return;

  const words = data.words;
  const outcomes = new Map(data.outcomes.map((outcome) => [outcome.value, outcome]));
  const rows = new Map([...form.querySelectorAll(".field-row")].map((row) => [Number(row.dataset.key), row]));
  const marks = new Map(); // student -> uuid -> mark
  const shown = new Map(); // student -> outcome
  const tapped = new Map(); // student -> when: a double tap is one tap
  const strip = document.querySelector(".field-strip");
  const sendButton = strip.querySelector(".field-strip__send");
  const sheet = document.querySelector(".field-sheet");
  const search = document.querySelector("[data-field-search]");
  const input = search.querySelector("input");
  const filterButton = search.querySelector("[data-filter]");
  const notice = document.querySelector("[data-field-notice]");
  const saveButton = document.querySelector("[data-field-save]");
  const otherTabs = "BroadcastChannel" in window ? new BroadcastChannel("perekaman-field") : null;

  let clockSeen = 0;
  let lastMark = data.last;
  const queue = openQueue();

  // ---------------------------------------------------------------- what is known, and how it looks

  // Adds a mark to what is known; false when it was known already.
  function learn(mark) {
    const its = marks.get(mark.student) ?? new Map();
    clockSeen = Math.max(clockSeen, mark.lc);
    if (its.has(mark.uuid)) return false;
    marks.set(mark.student, its.set(mark.uuid, mark));
    return true;
  }

  function view(student) {
    return viewOf([...(marks.get(student)?.values() ?? [])], data.priority);
  }

  function paint(student) {
    const row = rows.get(student);
    if (!row) return;
    const now = view(student);
    const outcome = outcomes.get(now.outcome);
    shown.set(student, now.outcome);
    row.className = `field-row field-row--${outcome?.kind ?? "open"}${now.needsLook ? " field-row--look" : ""}`;
    const act = row.querySelector(".field-row__act");
    if (!outcome) {
      act.textContent = words.record;
      return;
    }
    act.replaceChildren(shape(outcome.kind), outcome.short);
    row.querySelector(".field-row__other")?.remove();
    const button = row.querySelector(".field-row__mark");
    button.name = "other";
    button.value = student;
  }

  function shape(kind) {
    return document.querySelector(`template[data-shape="${kind}"]`).content.cloneNode(true);
  }

  async function count() {
    const done = [...shown.values()].filter(Boolean).length;
    const waiting = await (await queue).all();
    say("done", done);
    say("left", rows.size - done);
    say("unsent", waiting.length);
    const oldest = waiting.map((mark) => mark.device_time).sort()[0];
    say("oldest", oldest ? clockTime(new Date(oldest)) : "");
    strip.classList.toggle("field-strip--unsent", waiting.length > 0);
    saveButton.setAttribute("aria-disabled", waiting.length === 0);
  }

  function say(name, text) {
    const place = strip.querySelector(`[data-count="${name}"]`);
    if (place.textContent !== String(text)) place.textContent = text;
  }

  function clockTime(moment) {
    const [hours, minutes] = [moment.getHours(), moment.getMinutes()].map((n) => String(n).padStart(2, "0"));
    return data.language === "id" ? `${hours}.${minutes}` : `${hours}:${minutes}`;
  }

  // One sentence above the list. Where signing in again is what helps there is a link, and the strip's button leads there too:
  // it is in sight wherever the list was scrolled to.
  function tell(text, isSignedOut = false) {
    notice.hidden = !text;
    notice.querySelector("p").textContent = text;
    notice.querySelector("a").hidden = !isSignedOut;
    sendButton.textContent = isSignedOut ? words.signIn : words.send;
  }

  // ---------------------------------------------------------------- marking

  async function mark(student, outcome, reason) {
    tapped.set(student, performance.now());
    const row = rows.get(student);
    row.classList.add("field-row--now"); // the tap is answered at once; the outcome is shown when it is kept
    const draft = {
      day: data.day,
      student,
      outcome,
      reason,
      supersedes: view(student).live.map((other) => other.uuid),
      officer: data.officer,
      device_time: new Date().toISOString(),
    };
    let made;
    try {
      made = await (await queue).add(draft, clockSeen);
    } catch {
      row.classList.remove("field-row--now");
      tell(words.notKept); // the disk is full: the row stays as it was
      return;
    }
    learn(made);
    paint(student);
    navigator.vibrate?.(30);
    moveOn(student);
    otherTabs?.postMessage(made);
    await count();
    send();
  }

  function moveOn(student) {
    form.querySelector(".field-row--now")?.classList.remove("field-row--now");
    if (input.value) {
      input.value = "";
      show();
    } else if (filter !== "all") show();
    let next = rows.get(student).nextElementSibling;
    while (next && (next.hidden || !next.classList.contains("field-row--open"))) next = next.nextElementSibling;
    next?.classList.add("field-row--now");
  }

  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    event.preventDefault();
    const row = button.closest(".field-row");
    const student = Number(row.dataset.key);
    try {
      await queue;
    } catch {
      form.requestSubmit(button); // nothing can be kept here: the server marks, as it does without scripts
      return;
    }
    if (performance.now() - (tapped.get(student) ?? -DOUBLE_TAP) < DOUBLE_TAP) return;
    if (shown.get(student) || button.classList.contains("field-row__other")) choose(student);
    else mark(student, "recorded", "");
  });

  // ---------------------------------------------------------------- the four large choices

  function choose(student) {
    const row = rows.get(student);
    const current = shown.get(student);
    const name = `${row.querySelector(".field-row__number").textContent}. ${row.querySelector("b").textContent}`;
    const offered = data.outcomes.filter((its) =>
      its.value === "recorded" ? current && current !== "recorded" : its.value !== current || its.reasons.length
    );
    const usual = offered.filter((its) => !its.rare);
    const rare = offered.filter((its) => its.rare);
    const pick = (its) => (its.reasons.length ? why(its) : finish(its.value, ""));
    const why = (its) =>
      fill(
        `${name}: ${its.short}. ${words.why}`,
        its.reasons.map(([value, word]) => [null, word, () => finish(its.value, value)])
      );
    const finish = (outcome, reason) => {
      sheet.close();
      mark(student, outcome, reason);
    };
    const lines = (list) => list.map((its) => [its.kind, its.word, () => pick(its)]);
    fill(current ? `${words.change}: ${name}` : name, [
      ...lines(usual),
      ...(rare.length ? [[null, `${words.more} …`, () => fill(name, lines(rare))]] : []),
    ]);
    sheet.showModal();
  }

  function fill(title, choices) {
    sheet.querySelector("h2").textContent = title;
    sheet.querySelector(".field-sheet__choices").replaceChildren(
      ...choices.map(([kind, word, act]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.append(...(kind ? [shape(kind)] : []), word);
        button.addEventListener("click", act);
        return button;
      })
    );
  }

  sheet.addEventListener("click", (event) => {
    if (event.target === sheet || event.target.closest(".field-sheet__close")) sheet.close();
  });

  // ---------------------------------------------------------------- search and filter

  const FILTERS = ["all", "left", "done"];
  let filter = "all";

  function show() {
    const asked = input.value.trim().toLowerCase();
    let heading = null;
    let any = false;
    for (const item of form.querySelectorAll("ol > li")) {
      if (item.classList.contains("field-class")) {
        heading = item;
        heading.hidden = true;
        continue;
      }
      const done = Boolean(shown.get(Number(item.dataset.key)));
      item.hidden = (filter === "left" && done) || (filter === "done" && !done) || !fits(item, asked);
      if (!item.hidden) {
        any = true;
        if (heading) heading.hidden = false;
      }
    }
    document.querySelector("[data-field-none]").hidden = any;
  }

  function fits(item, asked) {
    if (!asked) return true;
    if (/^\d+$/.test(asked)) return item.querySelector(".field-row__number").textContent === asked;
    const text = item.querySelector(".field-row__who").textContent.toLowerCase();
    return asked.split(/\s+/).every((word) => text.includes(word));
  }

  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.querySelector(".field-row:not([hidden]) .field-row__mark")?.focus();
  });
  filterButton.addEventListener("click", () => {
    filter = FILTERS[(FILTERS.indexOf(filter) + 1) % FILTERS.length];
    filterButton.textContent = words[filter];
    filterButton.setAttribute("aria-label", words.shown[filter]);
    show();
  });

  // ---------------------------------------------------------------- sending

  let sending = false;
  let again = false;
  let wait = 2000;
  let retry;

  async function send() {
    if (sending) {
      again = true;
      return;
    }
    sending = true;
    clearTimeout(retry);
    try {
      do {
        again = false;
        await sendAll();
      } while (again);
      wait = 2000;
    } catch {
      retry = setTimeout(send, wait);
      wait = Math.min(wait * 2, 30000);
    }
    sending = false;
    await count().catch(() => {});
  }

  async function sendAll() {
    const byDay = new Map();
    for (const mark of await (await queue).all()) byDay.set(mark.day, [...(byDay.get(mark.day) ?? []), mark]);
    for (const [day, its] of byDay)
      for (let start = 0; start < its.length; start += BATCH)
        if (!(await sendBatch(day, its.slice(start, start + BATCH)))) break;
  }

  // True when the server has answered for every mark; false when it takes none now. Throws when it should be tried again.
  async function sendBatch(day, batch) {
    const answer = await fetch(data.marksUrl.replace("/0/", `/${day}/`), {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ marks: batch }),
      signal: AbortSignal.timeout(20000),
    });
    if (answer.status === 401) {
      tell(words.signedOut, true);
      return false;
    }
    if (answer.status >= 400 && answer.status < 500) {
      tell(words.refused);
      return false;
    }
    // what is no answer of ours (a hotspot's page) acknowledges nothing
    const { answers } = await answer.json();
    const sent = new Set(batch.map((mark) => mark.uuid));
    await (await queue).drop(answers.map((its) => its.uuid).filter((uuid) => sent.has(uuid)));
    if (!notice.querySelector("a").hidden) tell("");
    if (answers.some((its) => its.verdict === "quarantined" || its.verdict === "unreadable")) tell(words.held);
    await count();
    return true;
  }

  sendButton.addEventListener("click", () => {
    if (!notice.querySelector("a").hidden) return location.assign(data.loginUrl);
    wait = 2000;
    send();
  });
  addEventListener("online", send);

  saveButton.addEventListener("click", async () => {
    const waiting = await (await queue).all();
    if (!waiting.length) return;
    const file = new Blob([JSON.stringify({ marks: waiting })], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `perekaman-${waiting[0].device}-${waiting.at(-1).seq}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });

  // ---------------------------------------------------------------- what the other kit marks

  let source = null;
  let polling;
  let state = data.state;

  function follow() {
    clearTimeout(polling);
    source?.close();
    source = new EventSource(`${data.liveUrl}?after=${lastMark}`);
    source.onmessage = (event) => take(JSON.parse(event.data));
    source.onerror = () => {
      if (source?.readyState === EventSource.CLOSED) polling = setTimeout(poll, 10000);
    };
  }

  async function poll() {
    try {
      const answer = await fetch(`${data.liveUrl}?after=${lastMark}`, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        take(await answer.json());
        return follow();
      }
      if (answer.status === 401) tell(words.signedOut, true);
    } catch {
      // no network: asked again below
    }
    polling = setTimeout(poll, 10000);
  }

  function take(news) {
    const students = new Set(news.marks.filter(learn).map((its) => its.student));
    students.forEach(paint);
    lastMark = Math.max(lastMark, news.last);
    if (news.state !== state && words.states[news.state]) tell(words.states[news.state]);
    state = news.state;
    if (students.size) {
      if (filter !== "all") show();
      count();
    }
  }

  otherTabs?.addEventListener("message", (event) => {
    if (event.data.day === data.day && learn(event.data)) paint(event.data.student);
    count();
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      source?.close();
      source = null;
      clearTimeout(polling);
    } else {
      follow();
      send();
    }
  });

  // ---------------------------------------------------------------- begin

  async function begin() {
    data.marks.forEach(learn);
    for (const student of rows.keys()) shown.set(student, view(student).outcome);
    search.hidden = false;
    try {
      const waiting = await (await queue).all();
      for (const its of waiting) if (its.day === data.day && learn(its)) paint(its.student);
      saveButton.hidden = false;
      await count();
      send();
    } catch {
      tell(words.noStorage);
    }
    follow();
  }

  begin();
})();
