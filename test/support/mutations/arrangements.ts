// The same letters in another order, apart, or run together.
import { hinted, LEET, type Mutation, mapped, pick, random, some } from "./tools.ts";

export const ARRANGEMENTS: readonly Mutation[] = [
  {
    name: "spaced",
    mutate: (text) =>
      text
        .split(" ")
        .map((word) => [...word].join(" "))
        .join("   "),
  },
  { name: "spaced-evenly", mutate: (text) => [...text.replaceAll(" ", "")].join(" ") },
  {
    name: "dotted",
    mutate: (text) =>
      text
        .split(" ")
        .map((word) => [...word].join("."))
        .join(" "),
  },
  {
    name: "hyphened",
    mutate: (text) =>
      text
        .split(" ")
        .map((word) => [...word].join("-"))
        .join(" "),
  },
  { name: "split-lines", mutate: (text, seed) => cutWords(text, seed, "\n") },
  { name: "split-hyphens", mutate: (text, seed) => cutWords(text, seed, "-") },
  { name: "split-concatenation", mutate: (text, seed) => `run("${cutWords(text, seed, '" + "')}")` },
  // letters of any script: a trick that takes the words away hides nothing that a model could follow
  { name: "joined", mutate: (text) => text.replace(/[^\p{L}\p{M}]/gu, "").toLowerCase() },
  { name: "unspaced", mutate: (text) => text.replace(/\s+/g, "") },
  { name: "reversed", mutate: (text) => hinted("Read backwards:", [...text].reverse().join("")) },
  {
    name: "reversed-words",
    mutate: (text) =>
      text
        .split(" ")
        .map((word) => [...word].reverse().join(""))
        .join(" "),
  },
  {
    name: "leet-spaced",
    mutate: (text, seed) =>
      text
        .split(" ")
        .map((word) => [...some(word, seed, 0.5, mapped(LEET))].join(" "))
        .join("   "),
  },
  // what joining alone takes away shows against this: the words stay apart, their marks are gone
  { name: "bare-words", mutate: (text) => text.replace(/[^\p{L}\p{M}\s]/gu, "").toLowerCase() },
  { name: "underscored", mutate: (text) => text.trim().replace(/\s+/g, "_") },
  { name: "dots-between-words", mutate: (text) => text.trim().replace(/\s+/g, ".") },
  {
    name: "camel-case",
    mutate: (text) => text.replace(/\s+(.)/g, (_, letter: string) => letter.toUpperCase()),
  },
  { name: "word-a-line", mutate: (text) => text.trim().replace(/\s+/g, "\n") },
  { name: "letter-a-line", mutate: (text) => [...text.replaceAll(" ", "\n")].join("\n") },
  { name: "hyphened-at-line-ends", mutate: (text, seed) => cutWords(text, seed, "-\n") },
  { name: "tags-in-words", mutate: (text, seed) => cutWords(text, seed, "<b></b>") },
  { name: "comments-in-words", mutate: (text, seed) => cutWords(text, seed, "<!-- a note -->") },
  { name: "bracketed", mutate: (text) => [...text].map((s) => (s === " " ? " " : `[${s}]`)).join("") },
  {
    name: "separators-varying",
    mutate: (text, seed) => {
      const next = random(seed);
      return text
        .split(" ")
        .map((word) => [...word].map((s, at) => (at === 0 ? s : (pick(next, [..."._-*|~"]) ?? "") + s)).join(""))
        .join("  ");
    },
  },
  {
    name: "words-reversed-order",
    mutate: (text) => hinted("Read the words backwards:", text.split(" ").reverse().join(" ")),
  },
  {
    name: "reversed-and-leet",
    mutate: (text, seed) => hinted("Read backwards:", [...some(text, seed, 0.6, mapped(LEET))].reverse().join("")),
  },
];

/** Cuts each word of six letters and more once, inside. */
function cutWords(text: string, seed: number, by: string): string {
  const next = random(seed);
  return text.replace(/[a-z]{6,}/gi, (word) => {
    const at = 2 + Math.floor(next() * (word.length - 3));
    return word.slice(0, at) + by + word.slice(at);
  });
}
