// Brace expansions, which are command lines without spaces, and the fences of markdown, which are none.
import { bareName } from "./name.ts";
import { COMMANDS } from "./words.ts";

/**
 * Whether braces spell a command: `{cat,/etc/passwd}`, `{,id}`, `{l,-la}s`. `{id,name}` is a list of fields: what follows
 * a command's name must look like an argument.
 *
 * @param raw the word, its opening brace perhaps gone already
 */
export function isBraced(raw: string): boolean {
  const line = /^\{?,?([^,{}]{1,40}),[-/.~$'"?*\d<>][^{}]{0,60}\}/.exec(raw);
  if (line !== null && COMMANDS.has(bareName(line[1] ?? ""))) return true;
  const only = /^\{?([^,{}]{2,60}),\}$/.exec(raw)?.[1];
  if (only !== undefined) return isCommand(only) || isWildPath(only);
  const led = /^\{?,([^{}]{2,60})\}$/.exec(raw)?.[1];
  if (led !== undefined) return isCommand(led.split(",", 1)[0] ?? "") || isWildPath(led);
  const word = /^([a-z]{0,8})\{([\w,-]{1,40})\}([a-z]{0,8})$/.exec(raw) ?? /^()([\w,-]{1,40})\}([a-z]{1,8})$/.exec(raw);
  const [, before = "", choices = "", behind = ""] = word ?? [];
  if (before + behind === "" || !choices.includes(",")) return false;
  return choices.split(",", 8).some((choice) => COMMANDS.has(before + choice + behind));
}

function isCommand(word: string): boolean {
  return COMMANDS.has(bareName(word.replaceAll("$", "")));
}

/** `/?s?/?i?/c?t` */
function isWildPath(text: string): boolean {
  return /^(?:\/[\w?*]{0,12}\?[\w?*]{0,12}){2}/.test(text);
}

/** Whether the backtick at `at` is of a line that only fences code: three of them, and at most a language. */
export function isFence(lower: string, at: number): boolean {
  if (lower.charCodeAt(at) !== 96 || !lower.slice(Math.max(0, at - 2), at + 3).includes("```")) return false;
  return /^`{1,3}[\w+#.-]{0,20}[ \t]{0,8}(?:\r?\n|$)/.test(lower.slice(at, at + 40));
}
