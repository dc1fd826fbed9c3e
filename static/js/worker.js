// The service worker: the officer's lists open without network. It keeps the day lists that were opened on this device, each with
// the styles and scripts it came with, and nothing else of the program. SETTINGS is written above by the server.
"use strict";

const SHELL = `perekaman-shell-${SETTINGS.version}`;
const DAYS = "perekaman-days";
const DAY_PAGE = /^\/days\/\d+\/field$/;

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(SETTINGS.shell.map((path) => new Request(path, { credentials: "omit" })))));
});

addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith("perekaman-shell-") && name !== SHELL);
      await Promise.all(old.map((name) => caches.delete(name)));
      await forget(isOld);
      await clients.claim();
    })()
  );
});

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event.request, url.pathname));
  else if (event.request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(asset(event.request));
});

// An address with a hash in it never changes what it holds.
async function asset(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function page(request, path) {
  if (request.method === "POST" && path === SETTINGS.logout) await forget(() => true);
  const kept = request.method === "GET" && DAY_PAGE.test(path) ? await keptPage(path) : null;
  let answer;
  try {
    answer = await (kept ? Promise.race([fetched(request), tooLong()]) : fetched(request));
  } catch {
    return kept ? shown(kept) : offline();
  }
  const account = answer.headers.get("Perekaman-Account");
  if (account) await forget((its) => its.get("Kept-Account") !== account || isOld(its));
  // No answer of ours to somebody signed in: a log-in that has expired, a server under repair, a hotspot's own page.
  else if (kept) return shown(kept);
  return answer;
}

// Who goes back to a page that was the answer to a form gets the page of that address as it is now: the browser asks its cache alone,
// which has no such answer, and the same again of the address to which that page leads on.
async function fetched(request) {
  try {
    return await fetch(request);
  } catch (failed) {
    if (request.cache !== "only-if-cached" && !request.isHistoryNavigation) throw failed;
    const Accept = request.headers.get("Accept") ?? "text/html";
    return fetch(request.url, { credentials: "include", redirect: "manual", headers: { Accept } });
  }
}

function tooLong() {
  return new Promise((_, reject) => setTimeout(reject, SETTINGS.patience));
}

function isOld(headers) {
  return Date.now() - Date.parse(headers.get("Kept-At")) > SETTINGS.days * 24 * 3600 * 1000;
}

async function keptPage(path) {
  const kept = await (await caches.open(DAYS)).match(path);
  return kept && !isOld(kept.headers) ? kept : null;
}

// The page says itself, from this mark, that it is the one that was kept, and when.
async function shown(kept) {
  const text = (await kept.text()).replace("<html ", `<html data-kept="${kept.headers.get("Kept-At")}" `);
  return new Response(text, { headers: SETTINGS.headers });
}

// What is said where neither network nor a kept page is, in the language of the list that was kept last.
async function offline() {
  const days = await (await keptDays()).sort((a, b) => (a.headers.get("Kept-At") < b.headers.get("Kept-At") ? 1 : -1));
  const language = days[0]?.headers.get("Content-Language") ?? SETTINGS.languages[0];
  const kept = await caches.match(`/offline/${language}`);
  return kept ? new Response(await kept.text(), { headers: SETTINGS.headers }) : Response.error();
}

async function keptDays() {
  const days = await caches.open(DAYS);
  const answers = await Promise.all((await days.keys()).map((request) => days.match(request)));
  return answers.filter((answer) => answer?.headers.has("Kept-At"));
}

// Forgets the kept lists of which `which(headers)` is so, and what only they needed. The queue of marks is never touched.
async function forget(which) {
  const days = await caches.open(DAYS);
  const needed = new Set();
  let forgot = false;
  for (const kept of await keptDays()) {
    const path = kept.headers.get("Kept-Path");
    if (which(kept.headers)) {
      await days.delete(path);
      forgot = true;
    } else {
      needed.add(path);
      for (const its of JSON.parse(kept.headers.get("Kept-With"))) needed.add(its);
    }
  }
  if (!forgot) return;
  for (const request of await days.keys()) {
    const url = new URL(request.url);
    if (!needed.has(url.pathname + url.search)) await days.delete(request);
  }
}
