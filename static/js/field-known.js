// The marks of a day as they were last known here, by number and without names: a list opened again without network says what the
// server had said after the list was kept. Not the queue: what is forgotten here comes again with the next network.
"use strict";
class KnownMarks {
  #opening = new Promise((resolve, reject) => {
    const opening = indexedDB.open("perekaman-known", 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("marks", { keyPath: "uuid" }).createIndex("day", "day");
    };
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => resolve(opening.result);
  });

  constructor() {
    this.#opening.catch(() => {}); // a browser that keeps nothing does without
  }

  async #change(act) {
    const change = (await this.#opening).transaction("marks", "readwrite");
    act(change.objectStore("marks"));
    await new Promise((resolve, reject) => {
      change.oncomplete = resolve;
      change.onerror = change.onabort = () => reject(change.error);
    });
  }

  // Adds marks of a day.
  add(marks) {
    return this.#change((store) => marks.forEach((mark) => store.put(mark))).catch(() => {});
  }

  // Forgets marks by their number: those that the server keeps out of the totals.
  drop(uuids) {
    return this.#change((store) => uuids.forEach((uuid) => store.delete(uuid))).catch(() => {});
  }

  // What the server says now of a day takes the place of whatever was known of it.
  replace(day, marks) {
    return this.#change((store) => {
      store.index("day").getAllKeys(day).onsuccess = (event) => {
        event.target.result.forEach((uuid) => store.delete(uuid));
        marks.forEach((mark) => store.put({ ...mark, day }));
      };
    }).catch(() => {});
  }

  // The marks known of a day; none where nothing can be kept.
  async of(day) {
    try {
      const asked = (await this.#opening).transaction("marks").objectStore("marks").index("day").getAll(day);
      return await new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    } catch {
      return [];
    }
  }
}
