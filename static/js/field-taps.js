// A finger that shakes taps twice. A second tap within 400 ms and a finger's width of the last one is no tap of the list or of
// the choices: whatever the first tap has put there by then, nobody has seen it.
"use strict";

const SECOND_TAP = 400;
const FINGER = 48;

(() => {
  let last = { x: 0, y: 0, at: -SECOND_TAP };

  document.addEventListener(
    "click",
    (event) => {
      if (!event.detail) return; // a key: it has no place
      const tap = { x: event.clientX, y: event.clientY, at: event.timeStamp };
      const isSecond = tap.at - last.at < SECOND_TAP && Math.hypot(tap.x - last.x, tap.y - last.y) < FINGER;
      last = tap;
      if (!isSecond || !event.target.closest(".field-list, .field-sheet")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true
  );

  // a key that is held down is one press
  document.addEventListener("keydown", (event) => {
    if (event.repeat && event.key === "Enter" && event.target.closest(".field-list, .field-sheet")) event.preventDefault();
  });
})();
