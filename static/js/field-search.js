// Whom a search finds. Pure.
"use strict";

// Letters and digits of a text in small letters, without accents and apostrophes: "Ni'mah, XII-IPA 2" is "nimah xii ipa 2".
function plain(text) {
  const bare = text.normalize("NFD").replace(/[\p{M}'’ʼ`]/gu, "");
  return bare.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

// A number alone is a queue number, with zeros before it or not. Of several words each must be found, in any order: a number as
// the queue number or a word of name and class, a letter as the beginning of a word, more letters anywhere.
function isFound(asked, number, nameAndClass) {
  const words = plain(asked).split(" ").filter(Boolean);
  const its = plain(nameAndClass).split(" ");
  const isNumber = (word) => /^\d+$/.test(word) && String(Number(word)) === number;
  if (words.length === 1 && /^\d+$/.test(words[0])) return isNumber(words[0]);
  return words.every(
    (word) =>
      isNumber(word) ||
      its.some((one) => (/^\d+$/.test(word) ? one === word : word.length < 2 ? one.startsWith(word) : one.includes(word)))
  );
}
