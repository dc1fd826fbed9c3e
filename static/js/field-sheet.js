// The large choices for one student. They take no tap for a moment after they have changed: who taps so soon has not read them.
"use strict";

class ChoiceSheet {
  // words: more, change, why; shape(kind) draws a status.
  constructor(sheet, words, shape) {
    this.sheet = sheet;
    this.words = words;
    this.shape = shape;
    this.changed = -SECOND_TAP;
    sheet.addEventListener(
      "click",
      (event) => {
        if (performance.now() - this.changed >= SECOND_TAP) return;
        event.preventDefault();
        event.stopImmediatePropagation();
      },
      true
    );
    sheet.addEventListener("click", (event) => {
      if (event.target === sheet || event.target.closest(".field-sheet__close")) sheet.close();
    });
  }

  // Offers `outcomes` to a student of whom `current` counts ("new" for one who is not on the list yet); calls
  // chosen(outcome, reason) after the sheet has closed.
  open(name, current, outcomes, chosen) {
    const offered = outcomes.filter((its) =>
      its.value === "recorded" || its.value === "taken_back"
        ? current && current !== its.value && (current !== "new" || its.value === "recorded")
        : its.value !== current || its.reasons.length
    );
    const rare = offered.filter((its) => its.rare);
    const finish = (outcome, reason) => {
      this.sheet.close();
      chosen(outcome, reason);
    };
    const why = (its) =>
      this.#fill(
        `${name}: ${its.short}. ${this.words.why}`,
        its.reasons.map(([value, word]) => [null, word, () => finish(its.value, value)])
      );
    const pick = (its) => (its.reasons.length ? why(its) : finish(its.value, ""));
    const lines = (list) => list.map((its) => [its.kind, its.word, () => pick(its)]);
    this.#fill(current && current !== "new" ? `${this.words.change}: ${name}` : name, [
      ...lines(offered.filter((its) => !its.rare)),
      ...(rare.length ? [[null, `${this.words.more} …`, () => this.#fill(name, lines(rare))]] : []),
    ]);
    this.sheet.showModal();
  }

  // Asks something before it is done; calls agreed() after the sheet has closed. The other way out is back to the list.
  ask(question, yes, agreed) {
    this.#fill(question, [
      [
        null,
        yes,
        () => {
          this.sheet.close();
          agreed();
        },
      ],
    ]);
    this.sheet.showModal();
  }

  #fill(title, choices) {
    this.sheet.querySelector("h2").textContent = title;
    const buttons = choices.map(([kind, word, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-disabled", "true");
      button.append(...(kind ? [this.shape(kind)] : []), word);
      button.addEventListener("click", act);
      return button;
    });
    const hadFocus = this.sheet.contains(document.activeElement);
    this.sheet.querySelector(".field-sheet__choices").replaceChildren(...buttons);
    if (hadFocus) buttons[0]?.focus();
    this.changed = performance.now();
    setTimeout(() => buttons.forEach((button) => button.removeAttribute("aria-disabled")), SECOND_TAP);
  }
}
