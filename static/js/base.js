// What every page gains from a script; each page works without it.
"use strict";

// Long work followed live: <div class="progress" data-progress-url>. The page goes on to "next" when done.
for (const box of document.querySelectorAll("[data-progress-url]")) follow(box, 0);

async function follow(box, failures) {
  let wait = 500;
  try {
    const answer = await fetch(box.dataset.progressUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const now = await answer.json();
    const bar = box.querySelector("progress");
    if (now.max) {
      bar.max = now.max;
      bar.value = now.value;
    }
    say(box.querySelector(".progress__label"), now.label);
    say(box.querySelector(".progress__left"), now.left || "");
    if (now.done) {
      if (now.next) location.replace(now.next);
      return;
    }
    failures = 0;
  } catch {
    failures += 1;
    wait = Math.min(500 * 2 ** failures, 10000);
    if (failures > 1) say(box.querySelector(".progress__left"), box.dataset.lost);
  }
  setTimeout(follow, wait, box, failures);
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Errors are read first; also where the skip link was used, to whose target the browser goes once the page is there.
const first = document.querySelector("[data-focus]");
first?.focus();
if (location.hash) addEventListener("load", () => setTimeout(() => first?.focus()));

// Buttons that only a script can serve are hidden until here.
for (const button of document.querySelectorAll("[data-reveal], [data-copy], [data-print]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-reveal], [data-copy], [data-print]");
  if (button?.dataset.reveal) {
    const input = document.getElementById(button.dataset.reveal);
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    swap(button);
  } else if (button?.dataset.copy) {
    const input = document.getElementById(button.dataset.copy);
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      document.execCommand("copy");
    }
    swap(button);
    setTimeout(swap, 2000, button);
  } else if (button) {
    print();
  }
  const menu = document.querySelector(".menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});

function swap(button) {
  [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
}

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A form is sent once: a second press while it is under way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }
});
