// Texts by key, in the reader's language: {name} is filled in, one/few/other are chosen by the number `n`.

import { wordsOf } from "lab/source.js";

export const LANGUAGES = ["en", "ro"];
const CUSTOMS = { en: "en-GB", ro: "ro-RO" }; // by whose customs numbers and dates are written

const find = (words, key) => key.split(".").reduce((inside, part) => inside?.[part], words);

/** What `make` makes of a number, made once for each. */
function kept(make) {
  const made = new Map();
  return (digits) => made.get(digits) ?? made.set(digits, make(digits)).get(digits);
}

/** Texts and formats of a language. */
export async function speak(language) {
  const words = await wordsOf(language);
  const plural = new Intl.PluralRules(language), custom = CUSTOMS[language];

  // A format takes longer to make than to use, so each is made once.
  const numbers = kept((digits) => new Intl.NumberFormat(custom, { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  const shares = kept((digits) =>
    new Intl.NumberFormat(custom, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }));
  const compact = new Intl.NumberFormat(custom, { notation: "compact", maximumFractionDigits: 1 });
  const long = new Intl.DateTimeFormat(custom, { day: "numeric", month: "long", timeZone: "UTC" });
  const brief = new Intl.DateTimeFormat(custom, { day: "numeric", month: "short", timeZone: "UTC" });

  /** The text of a key; the key itself where there is none, so that a gap is seen. */
  function t(key, values = {}) {
    let text = find(words, key);
    if (text && typeof text === "object") text = text[plural.select(values.n ?? 0)] ?? text.other;
    if (typeof text !== "string") return key;
    return text.replace(/\{([\w.]+)\}/g, (whole, name) => {
      if (name in values) return typeof values[name] === "number" ? number(values[name]) : values[name];
      return name.includes(".") ? t(name) : whole;
    });
  }

  const number = (value, digits = 0) => numbers(digits).format(value);
  const percent = (share, digits = 0) => shares(digits).format(share);
  const short = (value) => compact.format(value);
  const day = (date) => long.format(date);
  const shortDay = (date) => brief.format(date);
  return { language, t, number, percent, short, day, shortDay, terms: words.terms ?? {}, has: (key) => find(words, key) !== undefined };
}
