// The page shown without network: which lists of this device can be opened.
"use strict";

(async () => {
  const box = document.querySelector("[data-kept-days]");
  const days = "caches" in window ? await caches.open("perekaman-days") : null;
  const found = [];
  for (const request of (await days?.keys()) ?? []) {
    const headers = (await days.match(request)).headers;
    if (headers.has("Kept-At")) found.push(headers);
  }
  found.sort((a, b) => (a.get("Kept-At") < b.get("Kept-At") ? 1 : -1));
  for (const its of found) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.className = "button button--line";
    link.href = its.get("Kept-Path");
    link.textContent = decodeURIComponent(its.get("Kept-Title"));
    const lead = document.createElement("div");
    lead.className = "soft";
    lead.textContent = decodeURIComponent(its.get("Kept-Lead"));
    item.append(link, lead);
    box.append(item);
  }
  box.hidden = found.length === 0;
  document.querySelector("[data-kept-none]").hidden = found.length > 0;
  document.querySelector("[data-again]").addEventListener("click", () => location.reload());
})();
