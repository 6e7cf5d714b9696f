// What a word may be in a phrase. A word can be several things; the shapes of the rules say which of them they read.

export const CLASSES = [
  /** after these an order may begin: please, now, you must */
  "start",
  /** ignore, disregard, pay no attention to */
  "drop",
  /** delete, cancel: said of files and purchases too, so only of what nobody buys */
  "erase",
  /** the same where the verb comes last (Turkish, Japanese, Hindi, German infinitives) */
  "dropLast",
  "earlier",
  "all",
  "your",
  /** instructions, prompts, rules */
  "rules",
  /** of `rules`, those that are given to nothing but a model or a person: instructions, prompts */
  "orders",
  "fill",
  /** the articles of what there is one of */
  "definite",
  /** everything, what, anything: the whole of what was said */
  "what",
  /** of `what`, those that leave nothing out by themselves */
  "everything",
  "said",
  "void",
  "show",
  "showLast",
  "ask",
  "hidden",
  "prompt",
  "systemPrompt",
  "me",
  "some",
  "become",
  /** the bare "you", which much else may follow */
  "you",
  "model",
  "without",
  "limits",
  "persona",
  "free",
  "mode",
  "enter",
  "refuse",
  "answer",
  "note",
  "toward",
  "ifYou",
  "must",
  "order",
  "user",
  "request",
  "before",
  "hush",
  "fromMe",
  "toYou",
  "system",
  /** `system` that names a message of it */
  "systemNote",
  "mark",
  /** what stands behind the name of a speaker */
  "colon",
  "close",
  "link",
  "binder",
  /** marks and line ends within a phrase that change nothing */
  "join",
] as const;

export type ClassName = (typeof CLASSES)[number];

/** Entries of each class, separated by `|`; an entry may be several words, a mark, or a run of an unspaced script. */
export type Words = Partial<Record<ClassName, string>>;

/** The class's number: its place in `CLASSES`. */
export function classNumber(name: ClassName): number {
  return CLASSES.indexOf(name);
}
