// The printed list typed: every line is judged while it is written; Ctrl and Enter store.
"use strict";

(() => {
  const form = document.querySelector("[data-quick]");
  const lines = form.querySelector("textarea");
  const told = form.querySelector("[data-quick-lines]");
  let waiting;
  let asked = 0;

  async function check() {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.checkUrl, { method: "POST", body: new URLSearchParams({ lines: lines.value }) });
      const text = await answer.text();
      // an answer that a later one has overtaken says nothing, and what is no answer of ours is not put into the page
      if (mine === asked && answer.ok && answer.headers.has("Perekaman-Account")) told.innerHTML = text;
    } catch {
      // no network: the lines are checked when they are stored
    }
  }

  lines.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, 120);
  });
  lines.addEventListener("keydown", async (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    clearTimeout(waiting);
    await check(); // what is stored is what is shown
    form.requestSubmit(form.querySelector("button[value=store]"));
  });
  lines.focus();
  lines.setSelectionRange(lines.value.length, lines.value.length);
})();
