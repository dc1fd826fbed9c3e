// Where one signs in: how many marks of this device still wait to be sent, so that nobody thinks them lost.
"use strict";

(async () => {
  const databases = (await indexedDB.databases?.().catch(() => null)) ?? null;
  if (databases && !databases.some((one) => one.name === "perekaman")) return; // an office's PC: nothing is begun there
  const waiting = await openQueue().then((queue) => queue.all(), () => []);
  const box = document.querySelector("[data-unsent-door]");
  box.querySelector("[data-unsent-count]").textContent = waiting.length;
  box.hidden = waiting.length === 0;
})();
