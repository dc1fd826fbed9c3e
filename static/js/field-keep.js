// Keeps the list of the day on this device as it came, so that it opens again without network. Runs before any other script of
// the page changes it. What the device keeps: queue number, name, class, outcome.
"use strict";

const keptAt = document.documentElement.dataset.kept; // set by the worker on a list that it had kept
const asItCame = keptAt ? "" : `<!doctype html>\n${document.documentElement.outerHTML}`;

// Answers when the list was kept. Throws where this browser cannot keep it.
async function keepPage(officer) {
  if (!("serviceWorker" in navigator)) throw new Error("no service worker");
  await navigator.serviceWorker.register("/worker.js");
  if (keptAt) return new Date(keptAt);
  const [days, now] = [await caches.open("perekaman-days"), new Date()];
  const found = document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon], img[src]");
  const its = [...new Set([...found].map((one) => one.getAttribute("src") ?? one.getAttribute("href")))];
  const there = await Promise.all(its.map((path) => days.match(path)));
  await days.addAll(its.filter((_, n) => !there[n]));
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Language": document.documentElement.lang,
    "Kept-At": now.toISOString(),
    "Kept-Account": officer,
    "Kept-Path": location.pathname,
    "Kept-Title": encodeURIComponent(document.querySelector("h1").textContent.trim()),
    "Kept-Lead": encodeURIComponent(document.querySelector(".lead").textContent.trim()),
    "Kept-With": JSON.stringify(its),
  };
  await days.put(location.pathname, new Response(asItCame, { headers }));
  navigator.storage?.persist?.();
  await navigator.serviceWorker.ready;
  return now;
}
