// The officer's page of a recording day: a tap is a mark, kept on the device first, then shown, then sent.
"use strict";

(() => {
  const SAME_STUDENT = 700; // ms in which a student takes one tap, wherever the row went
  const data = JSON.parse(document.getElementById("field-data").textContent);
  const form = document.querySelector("[data-field-form]");
  if (!form) return;

  const words = data.words;
  const outcomes = new Map(data.outcomes.map((outcome) => [outcome.value, outcome]));
  const rows = new Map([...form.querySelectorAll(".field-row")].map((row) => [Number(row.dataset.key), row]));
  const marks = new Map(); // student -> uuid -> mark
  const shown = new Map(); // student -> outcome
  const tapped = new Map(); // student -> when
  const sat = new Map(); // student -> when at a kit, in ms, or 0
  const strip = document.querySelector(".field-strip");
  const sendButton = strip.querySelector(".field-strip__send");
  const sheet = new ChoiceSheet(document.querySelector(".field-sheet"), words, shape);
  const search = document.querySelector("[data-field-search]");
  const input = search.querySelector("input");
  const filter = search.querySelector("[data-filter]"); // "all", "left" or "done"
  const notice = document.querySelector("[data-field-notice]");
  const countdown = notice.querySelector("[data-field-again]");
  const stateNotice = document.querySelector("[data-field-state]");
  const aheadNotice = document.querySelector("[data-field-ahead]");
  const ahead = new DayAhead(data.day, data.date);
  const saveButton = document.querySelector("[data-field-save]");
  const otherTabs = "BroadcastChannel" in window ? new BroadcastChannel("perekaman-field") : null;

  let clockSeen = 0;
  let lastMark = data.last;
  const queue = openQueue();
  queue.catch(() => tell("keep", words.noStorage));
  const known = new KnownMarks();
  const sender = new MarkSender(queue, data.marksUrl, showSending, known);
  strip.parentElement.classList.add("field-foot--live");

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

  function live(student) {
    return view(student).live.map((mark) => mark.uuid);
  }

  // Remembers a student's outcome and when he or she sat at a kit, for the counts and the pace; answers the view.
  function see(student) {
    const now = view(student);
    shown.set(student, now.outcome);
    sat.set(student, (["recorded", "waiting", "failed"].includes(now.outcome) && Date.parse(now.live[0].device_time)) || 0);
    return now;
  }

  function paint(student) {
    const row = rows.get(student);
    if (!row) return;
    const now = see(student);
    const outcome = outcomes.get(now.outcome);
    row.className = `field-row field-row--${outcome?.kind ?? "open"}${now.needsLook ? " field-row--look" : ""}`;
    row.querySelector(".field-row__look")?.remove();
    if (now.needsLook) {
      const look = document.createElement("span");
      look.className = "field-row__look";
      look.append(shape("person"), words.look);
      row.querySelector(".field-row__who").append(look);
    }
    const act = row.querySelector(".field-row__act");
    const button = row.querySelector(".field-row__mark");
    button.name = outcome ? "other" : "mark";
    button.value = outcome ? student : `${student}:recorded`;
    const other = row.querySelector(".field-row__other");
    if (other) {
      if (outcome && other === document.activeElement) button.focus({ preventScroll: true });
      other.hidden = Boolean(outcome);
    }
    if (outcome) act.replaceChildren(shape(outcome.kind), outcome.short);
    else act.textContent = words.record;
  }

  function shape(kind) {
    return document.querySelector(`template[data-shape="${kind}"]`).content.cloneNode(true);
  }

  async function count() {
    const done = [...shown.values()].filter(Boolean).length;
    const waiting = await sender.waiting();
    say("done", done + unnamed.size + data.walkIns); // who waits for the coordinator is done here all the same
    say("left", rows.size - done);
    say("unsent", waiting.length);
    say("oldest", oldestOf(waiting, data.language));
    strip.classList.toggle("field-strip--unsent", waiting.length > 0);
    saveButton.setAttribute("aria-disabled", waiting.length === 0);
    showPace();
    return waiting.length;
  }

  // Only with students still to come on the day itself; told in the bar when it will not be enough.
  function showPace() {
    const { expected, starts, ends, said } = data.pace;
    const now = Date.now();
    const satAt = [...sat.values()].filter((at) => at >= said);
    const left = rows.size - [...shown.values()].filter(Boolean).length;
    const pace = paceOf(left, studentsAnHour(satAt, now), expected, now, starts, ends);
    const isToday = new Date(starts).toDateString() === new Date(now).toDateString() && now < ends + 2 * HOUR;
    const rate = Math.round(pace.anHour).toString();
    const text = words.pace.replace("%r", rate).replace("%t", pace.doneAt ? timeIn(new Date(pace.doneAt), data.language) : "");
    document.querySelector("[data-field-pace]").textContent = isToday && pace.doneAt ? text : "";
    tell("pace", isToday && pace.tooMany && now > starts ? words.tooMany : "");
  }
  setInterval(showPace, 60000);

  function say(name, text) {
    const place = strip.querySelector(`[data-count="${name}"]`);
    if (place.textContent !== String(text)) place.textContent = text;
  }

  // One sentence above the strip, in sight wherever the list was scrolled to: the gravest of what is so now. Each place says what
  // it knows and takes it back when it is over. Where signing in again is what helps, the strip's button leads there too.
  const PLACES = ["keep", "sending", "live", "day", "held", "pace", "passing"];
  const said = new Map();

  function tell(place, text) {
    said.set(place, text);
    const now = said.get(PLACES.find((one) => said.get(one))) ?? "";
    const isSignedOut = now === words.signedOut;
    const line = notice.querySelector("p");
    if (line.textContent !== now) line.textContent = now;
    notice.hidden = !now;
    notice.querySelector("a").hidden = !isSignedOut;
    countdown.hidden = now !== words.offline;
    sendButton.textContent = isSignedOut ? words.signIn : words.send;
  }

  let passing;
  function tellInPassing(text) {
    tell("passing", text);
    clearTimeout(passing);
    passing = setTimeout(tell, 6000, "passing", "");
  }

  function countDown() {
    const seconds = Math.max(1, Math.ceil((sender.retryAt - performance.now()) / 1000));
    const text = words.again.replace("%s", seconds);
    if (!countdown.hidden && countdown.textContent !== text) countdown.textContent = text;
  }
  setInterval(countDown, 500);

  async function showSending() {
    tell("sending", sender.trouble ? words[sender.trouble] : "");
    tell("held", sender.disabled ? words.disabled : sender.held ? words.held : "");
    countDown();
    await count();
  }

  // ---------------------------------------------------------------- marking

  // Does it at once; on a day still to come only after the officer has said that it is meant.
  function whenMeant(act) {
    if (!ahead.mustAsk) return act();
    sheet.ask(words.ahead, words.anyway, () => {
      ahead.agree();
      act();
    });
  }

  // `seen` are the marks the officer had before the eyes: the new one stands in their place, and of no others.
  // `walkIn` is the name and class of somebody who is not on the list; `student` is null for one whom nobody knows yet.
  async function mark(student, outcome, reason, seen, walkIn) {
    tapped.set(student, performance.now());
    const row = rows.get(student);
    row?.classList.replace("field-row--now", "field-row--tapped") || row?.classList.add("field-row--tapped"); // the tap is answered at once; the outcome is shown when it is kept
    const draft = {
      day: data.day,
      date: data.date,
      student,
      outcome,
      reason,
      supersedes: seen,
      officer: data.officer,
      device_time: new Date().toISOString(),
      ...(walkIn && { walk_in: walkIn }),
    };
    let made;
    try {
      made = await (await queue).add(draft, clockSeen);
    } catch {
      row?.classList.remove("field-row--tapped");
      tell("keep", words.notKept); // the disk is full: the row stays as it was
      return;
    }
    tell("keep", "");
    known.add([made]);
    put(made);
    navigator.vibrate?.(30);
    moveOn(student);
    otherTabs?.postMessage(made);
    await count();
    sender.send();
  }

  // Shows a mark that this device made; somebody who is not on the list gets a row under it.
  function put(made) {
    if (made.walk_in && !rows.has(made.student ?? made.uuid)) addRow(made);
    if (made.student !== null && learn(made)) paint(made.student);
  }

  function addRow({ student, uuid, walk_in: its, outcome }) {
    const row = rows.values().next().value.cloneNode(true);
    row.id = student === null ? "" : `n${student}`;
    row.dataset.key = student ?? "";
    row.querySelector(".field-row__number").textContent = "+";
    row.querySelector("b").textContent = [its.name, its.class, its.school].filter(Boolean).join(", ");
    row.querySelector(".field-row__other")?.remove();
    form.querySelector("ol").append(row);
    if (student !== null) return rows.set(student, row);
    // nobody knows who it is: the coordinator does the rest, and the row is of no student
    row.className = "field-row field-row--person";
    row.querySelector(".field-row__mark").disabled = true;
    row.querySelector(".field-row__look")?.remove();
    row.querySelector(".field-row__act").replaceChildren(shape("person"), outcomes.get(outcome).short);
    unnamed.add(uuid);
  }

  const unnamed = new Set();
  const walkIns = new WalkIns(document.querySelector("[data-walk-in]"), data.walkInUrl, words, (its) => {
    const row = rows.get(its.id);
    if (row) {
      input.value = "";
      show();
      row.scrollIntoView({ block: "center" });
      return choose(its.id);
    }
    const walkIn = { name: its.name, class: its.class, school: its.school };
    sheet.open(its.name, "new", data.outcomes, (outcome, reason) =>
      whenMeant(() => mark(its.id, outcome, reason, [], walkIn))
    );
  });
  for (const button of document.querySelectorAll("[data-add-walk-in]")) {
    button.hidden = false;
    button.addEventListener("click", () => walkIns.open(/\d/.test(input.value) ? "" : input.value.trim()));
  }

  // No row leaves its place here, and the search stays: what moves under a thumb is tapped by mistake.
  function moveOn(student) {
    form.querySelector(".field-row--now")?.classList.remove("field-row--now");
    let next = rows.get(student)?.nextElementSibling;
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
      whenMeant(() => form.requestSubmit(button)); // nothing can be kept here: the server marks, as it does without scripts
      return;
    }
    if (performance.now() - (tapped.get(student) ?? -SAME_STUDENT) < SAME_STUDENT) return;
    if (shown.get(student) || button.classList.contains("field-row__other")) choose(student);
    else {
      const seen = live(student);
      whenMeant(() => mark(student, "recorded", "", seen));
    }
  });

  function choose(student) {
    const row = rows.get(student);
    const name = `${row.querySelector(".field-row__number").textContent}. ${row.querySelector("b").textContent}`;
    const seen = live(student); // as the sheet opens: a mark that arrives while it is open was not seen
    sheet.open(name, shown.get(student), data.outcomes, (outcome, reason) =>
      whenMeant(() => mark(student, outcome, reason, seen))
    );
  }

  // ---------------------------------------------------------------- search and filter

  const items = [...form.querySelectorAll("ol > li")];
  const classOf = new Map();
  items.reduce((heading, item) => {
    if (item.classList.contains("field-class")) return item;
    classOf.set(item, heading);
    return heading;
  }, null);

  function fits(row) {
    const done = !row.dataset.key || Boolean(shown.get(Number(row.dataset.key))); // who is in no list was added with an outcome
    if ((filter.value === "left" && done) || (filter.value === "done" && !done)) return false;
    const [number, name] = [row.querySelector(".field-row__number"), row.querySelector("b")].map((its) => its.textContent);
    return !input.value.trim() || isFound(input.value, number, `${name} ${classOf.get(row)?.textContent ?? ""}`);
  }

  // A class is headed while one of its students is shown.
  function showHeadings() {
    const headed = new Set([...rows.values()].filter((row) => !row.hidden).map((row) => classOf.get(row)));
    for (const heading of new Set(classOf.values())) if (heading) heading.hidden = !headed.has(heading);
  }

  function show() {
    const every = form.querySelectorAll(".field-row");
    for (const row of every) row.hidden = !fits(row);
    showHeadings();
    document.querySelector("[data-field-none]").hidden = [...every].some((row) => !row.hidden);
  }

  // Rows that fit no longer go once they were scrolled out of sight, so that what is in sight stays where it is.
  let sweeping = false;
  function sweep() {
    sweeping = false;
    const top = search.getBoundingClientRect().bottom;
    const kept = [...rows.values()].find((row) => !row.hidden && row.getBoundingClientRect().bottom > top);
    const before = kept?.getBoundingClientRect().top;
    for (const row of rows.values()) {
      const its = row.getBoundingClientRect();
      if (row.hidden || row.contains(document.activeElement) || fits(row)) continue;
      if (its.bottom < 0 || its.top > innerHeight) row.hidden = true;
    }
    showHeadings();
    // browsers that hold the place of what is in sight do so by themselves
    if (kept && !CSS.supports("overflow-anchor", "auto")) scrollBy(0, kept.getBoundingClientRect().top - before);
  }
  addEventListener(
    "scroll",
    () => {
      if (filter.value === "all" || sweeping) return;
      sweeping = true;
      requestAnimationFrame(sweep);
    },
    { passive: true }
  );

  input.addEventListener("focus", () => input.select()); // the next search is typed over the last
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.querySelector(".field-row:not([hidden]) .field-row__mark")?.focus();
  });
  filter.addEventListener("change", show);
  document.querySelector("[data-show-all]").addEventListener("click", () => {
    [input.value, filter.value] = ["", "all"];
    show();
    input.focus();
  });

  // ---------------------------------------------------------------- sending

  sendButton.addEventListener("click", async () => {
    if (!notice.querySelector("a").hidden) return location.assign(data.loginUrl);
    if (await count()) sender.hurry();
    else tellInPassing(words.allSent);
  });
  addEventListener("online", () => {
    sender.hurry();
    if (source?.readyState !== EventSource.OPEN) follow();
  });

  saveButton.addEventListener("click", async () => {
    const waiting = await sender.waiting();
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
    source.onopen = () => {
      tell("live", "");
      if (sender.trouble === "offline") sender.hurry();
    };
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
      if (answer.status === 401) tell("live", words.signedOut);
    } catch {
      // no network: asked again below
    }
    polling = setTimeout(poll, 10000);
  }

  function take(news) {
    const fresh = news.marks.filter(learn);
    if (fresh.length) known.add(fresh.map((its) => ({ ...its, day: data.day })));
    const students = new Set(fresh.map((its) => its.student));
    students.forEach(paint);
    lastMark = Math.max(lastMark, news.last);
    if (news.state !== state) {
      stateNotice.hidden = news.state !== data.state; // it tells of the state in which the page came
      tell("day", words.states[news.state] ?? "");
      if (state === "closed" && news.state === "open") tellInPassing(words.reopened);
      state = news.state;
    }
    if (news.date !== data.date) tell("day", words.moved);
    if (students.size) count();
  }

  otherTabs?.addEventListener("message", (event) => {
    if (event.data.day === data.day) put(event.data);
    count();
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      source?.close();
      source = null;
      clearTimeout(polling);
    } else {
      follow();
      sender.hurry();
    }
  });

  // ---------------------------------------------------------------- begin

  async function sayReady() {
    const line = document.querySelector("[data-field-ready]");
    try {
      const at = await keepPage(data.officer);
      await queue;
      line.textContent = words.ready.replace("%s", momentIn(at, data.language));
    } catch {
      line.textContent = words.notReady;
    }
    line.dataset.said = "";
  }

  async function begin() {
    data.marks.forEach(learn);
    for (const student of rows.keys()) see(student);
    search.hidden = false;
    aheadNotice.hidden = !ahead.isAhead; // a list that was kept may be of a day that has come since
    const waiting = await sender.waiting();
    const here = waiting.filter((its) => its.day === data.day);
    // a list that was kept is older than what was told since; one that came just now is newer
    const told = keptAt ? await known.of(data.day) : [];
    for (const its of [...told, ...here]) if (!its.walk_in || !unnamed.has(its.uuid)) put(its);
    if (!keptAt) known.replace(data.day, data.marks);
    saveButton.hidden = !(await queue.catch(() => null));
    await count();
    sender.send();
    follow();
    if (sender.disabled) showSending();
    else sayReady();
  }

  begin();
})();
