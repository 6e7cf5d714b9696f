// Public names of the guard on answers.
//
// What it guarantees. Let v be a value in one text of a choice (its content, its refusal, a tool call's arguments …) that
// a rule matches, as it stands or in one of the views, and let its category be blocked or redacted. Then, however the
// stream was cut into chunks and however long each took:
//   - nothing of v leaves. Held is from the first character of a live partial match on, and it stays so until it is none,
//     is a match, or has reached its rule's maximum length and counts as one;
//   - what leaves, where it is cut, and the findings are those of the whole text (test/leaf/guards/output/chunking.test.ts);
//   - text in no live partial match leaves at once; it waits, at most 64 characters and 250 ms, only where a partial match
//     of hundreds of characters was open right before it and reading it anew for each chunk would cost too much.
// What of v may leave all the same, by rule:
//   system prompt   the words of at most three letters (without digits) that v begins with, since every "of the" would
//                   wait for its next word; less than twelve words in a row are no leak; of a leak by share (half of its
//                   five-word sequences, scattered) all that stood before the half was full
//   link            the scheme, where it is none of http, https, ftp, ftps, ws, wss and the link is no destination of
//                   Markdown or HTML; the words and the tag around a link; a definition whose image never came
//   base64, hex     of the encoding, the characters before the one that holds the first bit of v
//   assignment and the like   what names v and is none of it (`password = `), by the detector's rules
// The views: base64 and base64url at any offset and in lines, also of UTF-16; hex, in a row or apart; percent-encoding,
// escapes of JSON and JavaScript, character references; invisible, full-width and mathematical characters, tags; spaced
// characters; for canaries also any case, digits for letters, look-alikes, backwards and rot13.
//
// What gets through: a paraphrase, a translation, an encoding that is no view (ROT13 of a secret, Morse, binary, decimal
// codes, two encodings in one another, compression, a cipher), a value of which parts stand far apart, in two texts or in
// two choices, one drawn in ASCII art or hidden in the first letters of words, and what no rule knows. An answer tells in
// its own choice of words whatever a model was made to tell with it; this guard raises the price and sees the careless.
export { CanaryIndex } from "./canary-index.ts";
export { type GuardedCompletion, guardCompletion } from "./chat-completion.ts";
export { ChatStreamGuard } from "./chat-stream.ts";
export { ChoiceGuard, type ChoiceStep, type Released } from "./choice.ts";
export { echoOf } from "./echo.ts";
export { Findings, type OutputAction, type OutputFinding } from "./findings.ts";
export { LeakIndex } from "./leak-index.ts";
export { DEFAULT_OUTPUT_LIMITS, type OutputLimits } from "./limits.ts";
export { compileLinks, DEFAULT_LINKS, type ForeignLinks, type LinkOptions, type LinkRules } from "./link-rules.ts";
export {
  compileOutputGuard,
  keepsBack,
  type OutputGuard,
  type OutputGuardOptions,
  outputRulesFor,
} from "./policy-parts.ts";
export { type RequestTexts, requestTexts } from "./request-texts.ts";
export {
  compileOutput,
  type DataSource,
  type OutputMode,
  type OutputModes,
  type OutputOptions,
  type OutputRules,
} from "./rules.ts";
export { type GuardedText, guardText } from "./text.ts";
export type { OutputCategory } from "./watch.ts";
