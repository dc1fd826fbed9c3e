// The page on which a device is registered: how it names itself, and the code that came with the QR code.
"use strict";

(async () => {
  const form = document.querySelector("[data-device-form]");
  const code = location.hash.slice(1);
  if (code) form.querySelector("[name=code]").value = code;
  try {
    form.querySelector("[name=device]").value = await (await openQueue()).name();
  } catch {
    // the server says that this browser keeps nothing
  }
})();
