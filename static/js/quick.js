// The printed list typed: every line is judged while it is written; Ctrl and Enter store.
"use strict";

(() => {
  const form = document.querySelector("[data-quick]");
  const lines = form.querySelector("textarea");
  const told = form.querySelector("[data-quick-lines]");
  const [storing, checking] = ["store", "check"].map((act) => form.querySelector(`button[value=${act}]`));
  let waiting;
  let asked = 0;

  async function check() {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.checkUrl, { method: "POST", body: new URLSearchParams({ lines: lines.value }) });
      const text = await answer.text();
      // an answer that a later one has overtaken says nothing, and what is no answer of ours is not put into the page
      if (mine === asked && answer.ok && answer.headers.has("Perekaman-Account")) show(text);
    } catch {
      // no network: the lines are checked when they are stored
    }
  }

  // What each line says; the next step is the solid button: to check, or once all can be stored, to store.
  function show(text) {
    told.innerHTML = text;
    const isReady = Boolean(told.querySelector("[data-ready]"));
    for (const [button, isNext] of [[storing, isReady], [checking, !isReady]]) {
      button.classList.toggle("button--solid", isNext);
      button.classList.toggle("button--line", !isNext);
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
    form.requestSubmit(storing);
  });
  lines.focus();
  lines.setSelectionRange(lines.value.length, lines.value.length);
})();
