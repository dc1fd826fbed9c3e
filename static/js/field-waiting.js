// On the officer's other pages: marks of this device that are not in yet are sent from here too, and shown until they are.
"use strict";

(() => {
  const box = document.querySelector("[data-unsent]");
  if (!box) return;
  const queue = openQueue();
  queue.catch(() => {}); // where nothing can be kept, nothing waits
  const sender = new MarkSender(queue, box.dataset.marksUrl, show, new KnownMarks());

  async function show() {
    const waiting = await sender.waiting();
    box.querySelector("[data-unsent-count]").textContent = waiting.length;
    box.querySelector("[data-unsent-oldest]").textContent = oldestOf(waiting, document.documentElement.lang);
    box.querySelector("[data-unsent-signed-out]").hidden = sender.trouble !== "signedOut";
    box.querySelector("[data-unsent-refused]").hidden = sender.trouble !== "refused";
    box.hidden = waiting.length === 0;
  }

  addEventListener("online", () => sender.hurry());
  document.addEventListener("visibilitychange", () => document.hidden || sender.hurry());
  navigator.serviceWorker?.register("/worker.js").catch(() => {}); // so that the list is ready as soon as it is opened
  show();
  sender.send();
})();
