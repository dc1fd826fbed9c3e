// Marks made on this device and not yet acknowledged. Nothing leaves the queue before the server has said what became of it.
"use strict";

// Opens the queue, or rejects where the browser keeps nothing. The device's number, the sequence and the clock live in one
// record, changed in the transaction that adds the mark: no gap and no number twice, whatever tab is used.
function openQueue() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("perekaman", 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("marks", { keyPath: "uuid" });
      opening.result.createObjectStore("device", { keyPath: "id" });
    };
    opening.onerror = () => reject(opening.error);
    opening.onblocked = () => reject(new Error("blocked"));
    opening.onsuccess = () => resolve(new MarkQueue(opening.result));
  });
}

class MarkQueue {
  constructor(database) {
    this.database = database;
  }

  // Adds a mark; answers it with its number, device, sequence and clock once it is safely on the disk.
  add(draft, clockSeen) {
    return new Promise((resolve, reject) => {
      const change = this.database.transaction(["marks", "device"], "readwrite", { durability: "strict" });
      const devices = change.objectStore("device");
      let mark;
      devices.get("this").onsuccess = (event) => {
        const device = event.target.result ?? newDevice();
        device.seq += 1;
        device.lc = Math.max(device.lc, clockSeen) + 1;
        mark = { ...draft, uuid: newNumber(), device: device.name, seq: device.seq, lc: device.lc };
        devices.put(device);
        change.objectStore("marks").add(mark);
      };
      change.oncomplete = () => resolve(mark);
      change.onerror = change.onabort = () => reject(change.error);
    });
  }

  // How this device names itself in its marks.
  name() {
    return new Promise((resolve, reject) => {
      const change = this.database.transaction("device", "readwrite", { durability: "strict" });
      const devices = change.objectStore("device");
      let device;
      devices.get("this").onsuccess = (event) => {
        device = event.target.result ?? newDevice();
        devices.put(device);
      };
      change.oncomplete = () => resolve(device.name);
      change.onerror = change.onabort = () => reject(change.error);
    });
  }

  // Every mark that waits, in the order in which they were made.
  all() {
    return new Promise((resolve, reject) => {
      const asked = this.database.transaction("marks").objectStore("marks").getAll();
      asked.onsuccess = () => resolve(asked.result.sort((a, b) => a.seq - b.seq));
      asked.onerror = () => reject(asked.error);
    });
  }

  // Forgets acknowledged marks.
  drop(uuids) {
    return new Promise((resolve, reject) => {
      const change = this.database.transaction("marks", "readwrite", { durability: "strict" });
      for (const uuid of uuids) change.objectStore("marks").delete(uuid);
      change.oncomplete = resolve;
      change.onerror = change.onabort = () => reject(change.error);
    });
  }
}

function newDevice() {
  return { id: "this", name: `kit-${newNumber()}`, seq: 0, lc: 0 };
}

// A random number of 128 bits. crypto.randomUUID is missing where the page came without HTTPS.
function newNumber() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
