// What was typed into a roster's cells is not lost unseen: leaving the page asks first.
"use strict";
(() => {
  const typed = () =>
    [...document.querySelectorAll("input[name^='cell:']")].some((input) => input.value !== input.defaultValue) ||
    [...document.querySelectorAll("input[name^='row:']")].some((input) => input.checked !== input.defaultChecked);
  let isSaving = false;
  document.addEventListener("submit", (event) => {
    isSaving = Boolean(event.target.querySelector("input[name^='cell:'], input[name^='row:']"));
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isSaving && typed()) event.preventDefault();
  });
})();
