// Sends what waits in the queue of this device, on whatever page it is; a mark leaves the queue when the server has answered for it.
"use strict";

class MarkSender {
  static BATCH = 500;
  static FIRST_WAIT = 2000;
  static LONGEST_WAIT = 30000;

  #sending = false;
  #again = false;
  #wait = MarkSender.FIRST_WAIT;
  static DISABLED = "perekaman-disabled";
  #retry;
  #underWay;

  // queue: a promise of a MarkQueue. marksUrl: the address of the marks of day 0. changed() is called when what follows has changed:
  // trouble ("", "offline", "signedOut", "refused"), retryAt (when it is tried again), held (some marks wait for a coordinator).
  // known: the KnownMarks from which those that are held go, because they do not count.
  constructor(queue, marksUrl, changed, known) {
    this.queue = queue;
    this.marksUrl = marksUrl;
    this.changed = changed;
    this.known = known;
    this.trouble = "";
    this.retryAt = 0;
    this.held = false;
  }

  // Whether the server last said that this device is disabled; it is remembered, as the list opens without a word from the server.
  get disabled() {
    try {
      return localStorage.getItem(MarkSender.DISABLED) === "yes";
    } catch {
      return false;
    }
  }

  set disabled(is) {
    try {
      if (is) localStorage.setItem(MarkSender.DISABLED, "yes");
      else localStorage.removeItem(MarkSender.DISABLED);
    } catch {
      // nothing is kept here: it is said until the page is left
    }
  }

  // The marks that wait, in the order in which they were made; none where the browser keeps nothing.
  async waiting() {
    const queue = await this.queue.catch(() => null);
    return queue ? queue.all() : [];
  }

  // Sends now, and soon again when it does not get through.
  async send() {
    if (this.#sending) {
      this.#again = true;
      return;
    }
    this.#sending = true;
    clearTimeout(this.#retry);
    do {
      this.#again = false;
      try {
        this.trouble = await this.#sendAll();
        this.#wait = MarkSender.FIRST_WAIT;
      } catch {
        if (!this.#again) this.#tryLater();
      }
    } while (this.#again);
    this.#sending = false;
    await this.changed();
  }

  // There may be a network now: what is stuck is given up (to send it twice does no harm) and everything is sent.
  hurry() {
    this.#wait = MarkSender.FIRST_WAIT;
    this.#again = this.#sending;
    this.#underWay?.abort();
    this.send();
  }

  #tryLater() {
    this.trouble = "offline";
    this.retryAt = performance.now() + this.#wait;
    this.#retry = setTimeout(() => this.send(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, MarkSender.LONGEST_WAIT);
  }

  async #sendAll() {
    const byDay = new Map();
    for (const mark of await this.waiting()) byDay.set(mark.day, [...(byDay.get(mark.day) ?? []), mark]);
    let trouble = "";
    for (const [day, its] of byDay)
      for (let start = 0; start < its.length; start += MarkSender.BATCH) {
        const met = await this.#sendBatch(day, its.slice(start, start + MarkSender.BATCH));
        trouble ||= met;
        if (met) break;
      }
    return trouble;
  }

  // Empty when the server has answered for every mark, else why it takes none now. Throws when it should be tried again.
  async #sendBatch(day, batch) {
    this.#underWay = new AbortController();
    const late = setTimeout(() => this.#underWay.abort(), 20000);
    let answers;
    try {
      const answer = await fetch(this.marksUrl.replace("/0/", `/${day}/`), {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ marks: batch }),
        signal: this.#underWay.signal,
      });
      if (answer.status === 401) return "signedOut";
      if (answer.status >= 400 && answer.status < 500) return "refused";
      // what is no answer of ours (a hotspot's page) acknowledges nothing
      ({ answers } = await answer.json());
    } finally {
      clearTimeout(late);
      this.#underWay = null;
    }
    const sent = new Set(batch.map((mark) => mark.uuid));
    await (await this.queue).drop(answers.map((its) => its.uuid).filter((uuid) => sent.has(uuid)));
    const held = answers.filter((its) => its.verdict === "quarantined" || its.verdict === "unreadable");
    this.held = held.length > 0;
    // a device that was disabled was lost, or is somebody else's by now: names have no business on it
    const isDisabled = held.some((its) => its.why === "device_disabled");
    if (isDisabled) await globalThis.caches?.delete("perekaman-days");
    if (isDisabled || held.length < answers.length) this.disabled = isDisabled;
    if (this.held) await this.known.drop(held.map((its) => its.uuid));
    this.trouble = "";
    await this.changed();
    return "";
  }
}

// The time of the oldest mark that waits, as it is written in `language`; empty when none waits.
function oldestOf(waiting, language) {
  const oldest = waiting.map((mark) => mark.device_time).sort()[0];
  if (!oldest) return "";
  return timeIn(new Date(oldest), language);
}

// "07.12" or "07:12"; before it the date when it is not today's.
function momentIn(moment, language) {
  const isToday = moment.toDateString() === new Date().toDateString();
  const time = timeIn(moment, language);
  return isToday ? time : `${moment.toLocaleDateString(language, { day: "numeric", month: "long" })}, ${time}`;
}

function timeIn(moment, language) {
  const [hours, minutes] = [moment.getHours(), moment.getMinutes()].map((n) => String(n).padStart(2, "0"));
  return language === "id" ? `${hours}.${minutes}` : `${hours}:${minutes}`;
}
