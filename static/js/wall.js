// The screen on the wall: figures come by a stream; when nothing is heard, it says since when what it shows is old.
"use strict";

const SILENCE = 40000; // more than twice the server's sign of life
let source = null;
let heard = Date.now();
let at = "";

function tell(kind) {
  const state = document.getElementById("wall-state");
  const text = (kind === "stale" ? state.dataset.stale : state.dataset.fresh).replace("{time}", at);
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("is-stale", kind === "stale");
}

function listen() {
  source?.close();
  source = new EventSource(document.getElementById("wall-state").dataset.live);
  source.onmessage = (event) => {
    const news = JSON.parse(event.data);
    heard = Date.now();
    at = news.at;
    if (news.shown) document.getElementById("wall").innerHTML = news.shown;
    tell("fresh");
  };
  source.onerror = () => {
    if (at && !navigator.onLine) tell("stale");
  };
}

setInterval(() => {
  if (Date.now() - heard <= SILENCE) return;
  if (at) tell("stale");
  if (source.readyState === EventSource.CLOSED || Date.now() - heard > 3 * SILENCE) listen();
}, 5000);
window.addEventListener("offline", () => at && tell("stale"));
window.addEventListener("online", listen);
listen();
