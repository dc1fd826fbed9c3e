// A student who is not on the list: searched by name where there is a network, else typed with the class.
"use strict";

class WalkIns {
  #asked = 0;
  #waiting;

  // dialog: holds the form; words; chosen({id, name, class, school}) is called with the student, id null for one only typed, school
  // empty for the day's own.
  constructor(dialog, url, words, chosen) {
    this.dialog = dialog;
    this.url = url;
    this.words = words;
    this.chosen = chosen;
    this.found = dialog.querySelector("[data-found]");
    this.state = dialog.querySelector("[data-found-state]");
    const form = dialog.querySelector("form");
    [this.name, this.class] = [form.elements.name, form.elements.class];
    this.name.addEventListener("input", () => {
      clearTimeout(this.#waiting);
      this.#waiting = setTimeout(() => this.#search(), 250);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = this.name.value.trim();
      this.state.textContent = name.length < 2 ? words.nameNeeded : "";
      if (name.length < 2) return this.name.focus();
      this.#finish({ id: null, name, class: this.class.value.trim(), school: "" });
    });
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  }

  open(name) {
    this.name.value = name;
    this.class.value = "";
    this.found.replaceChildren();
    this.state.textContent = "";
    this.dialog.showModal();
    this.name.focus();
    if (name) this.#search();
  }

  #finish(student) {
    this.dialog.close();
    this.chosen(student);
  }

  async #search() {
    const mine = ++this.#asked;
    let students;
    try {
      const answer = await fetch(this.url, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ name: this.name.value }),
      });
      ({ students } = await answer.json());
    } catch {
      students = undefined;
    }
    if (mine !== this.#asked) return;
    this.state.textContent = students ? (students.length || this.name.value.length < 3 ? "" : this.words.noneFound) : this.words.noSearch;
    this.found.replaceChildren(...(students ?? []).map((its) => this.#button(its)));
  }

  #button(its) {
    const button = document.createElement("button");
    const [name, where] = [document.createElement("b"), document.createElement("span")];
    button.type = "button";
    name.textContent = its.name;
    const school = its.is_of_the_school ? "" : its.school_name;
    where.textContent = [its.class_name, school].filter(Boolean).join(", ");
    button.append(name, where);
    button.addEventListener("click", () => this.#finish({ id: its.id, name: its.name, class: its.class_name, school }));
    return button;
  }
}
