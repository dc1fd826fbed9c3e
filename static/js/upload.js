// A file that is too large is known before it is sent. The page works without this: the server says the same.
"use strict";

const MOST = 20 * 1024 * 1024;

for (const input of document.querySelectorAll("input[type=file]")) {
  const check = () => {
    const isTooLarge = [...input.files].some((file) => file.size > MOST);
    input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
    if (isTooLarge) input.reportValidity();
    return !isTooLarge;
  };
  input.addEventListener("change", check);
  input.form.addEventListener("submit", (event) => {
    if (check()) return;
    event.preventDefault();
  });
}
