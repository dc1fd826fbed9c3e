// Before the first mark on a day that is still to come: the list of another day is easily opened by mistake, and one mark begins it.
"use strict";

class DayAhead {
  static KEPT = "perekaman-ahead";

  #agreed = new Set();

  // day: its number; date: "2026-11-25". Who agreed once is asked no more on this device; a day that was moved is another question.
  constructor(day, date) {
    this.date = date;
    this.key = `${day} ${date}`;
    try {
      this.#agreed = new Set(JSON.parse(localStorage.getItem(DayAhead.KEPT) ?? "[]"));
    } catch {
      // a browser that keeps nothing asks on every visit
    }
  }

  // By the device's own calendar: it knows what today is without network too.
  get isAhead() {
    const now = new Date();
    const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
    return this.date > parts.map((part) => String(part).padStart(2, "0")).join("-");
  }

  get mustAsk() {
    return this.isAhead && !this.#agreed.has(this.key);
  }

  agree() {
    this.#agreed.add(this.key);
    try {
      localStorage.setItem(DayAhead.KEPT, JSON.stringify([...this.#agreed].slice(-50)));
    } catch {
      // as above
    }
  }
}
