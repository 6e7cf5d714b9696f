// Shell commands: finds each place where a shell would read a command's name, undoes what shells undo to names and asks
// whether a command with arguments stands there.
import type { EmitSpan } from "../emit.ts";
import { type ArgumentKind, argumentKind, isFlagged } from "./arguments.ts";
import { isBraced, isFence } from "./expansion.ts";
import { type CommandName, commandName, isDisguised } from "./name.ts";
import { BARE, COMMANDS } from "./words.ts";

/** Where a command may start: after separators and substitutions. */
const STARTS = /&&|\|\||[;|&`\n\r]|\$\(|[<>]\(|\$\{ifs\}|\$ifs/g;

/** @param lower the text in lower case */
export function judgeShell(lower: string, emit: EmitSpan): void {
  commandAt(lower, 0, 0, "", emit);
  for (const match of lower.matchAll(STARTS))
    if (!isFence(lower, match.index))
      commandAt(lower, match.index, match.index + match[0].length, match[0].replace("\r", "\n"), emit);
}

function commandAt(lower: string, start: number, from: number, separator: string, emit: EmitSpan): void {
  const command = commandName(lower, from, separator !== "&");
  if (command === null) return;
  const { raw, name, at, end } = command;
  if (/^(?:\/[\w?*[\]-]{1,24}){2,6}$/.test(raw) && /[?[]/.test(raw)) {
    emit("shell-wildcard", at, end);
    return;
  }
  if (raw.includes("}") && isBraced(raw)) {
    emit("shell-command", at, end);
    return;
  }
  if (/^(?:usr\/)?(?:local\/)?s?bin\/[\w.-]{1,24}$/.test(raw) && COMMANDS.get(name) === "odd") {
    emit("shell-alone", at, end);
    return;
  }
  // `OpenAI/Python`, `and/or`: a path that no folder leads is two words
  if (/^\w[^'"\\$]*\//.test(raw)) return;
  const kind = COMMANDS.get(name);
  if (kind === undefined) {
    if (/^\/(?:usr\/)?(?:local\/)?s?bin\/[\w.-]{1,24}$/.test(raw)) emit("shell-alone", at, end);
    return;
  }
  if (isDisguised(command)) emit("shell-disguised", start, end);
  else if (/^\/(?:usr\/|local\/|s?bin\/){1,3}/.test(raw)) emit("shell-command", start, end);
  else {
    const argument = argumentKind(lower, name, end);
    const rule = separator === "" ? alone(lower, command, argument) : after(lower, start, separator, command, argument);
    if (rule !== null) emit(rule, start, end);
  }
}

/** A command with a separator or a substitution before it. */
function after(
  lower: string,
  start: number,
  separator: string,
  command: CommandName,
  argument: ArgumentKind,
): string | null {
  const rule = afterSeparator(lower, start, separator, command, argument);
  if (rule === null || separator !== "`") return rule;
  return isProse(lower, start) || isListed(lower, start, command.end) ? "shell-quoted" : rule;
}

function afterSeparator(
  lower: string,
  start: number,
  separator: string,
  command: CommandName,
  argument: ArgumentKind,
): string | null {
  const { name, end } = command;
  const odd = COMMANDS.get(name) === "odd";
  const opens = separator === "`" || separator === "$(" || separator === "<(" || separator === ">(";
  // `; for $a < b$ we have`: a shell's loop names a variable, not its value
  if (name === "for" && !/^\s{1,8}(?:\w{1,24}\s{1,8}in\b|\(\()/.test(lower.slice(end, end + 48))) return null;
  // `\n  File "app.py"`: a line that begins with a word and quotes something is a traceback, a list or a dialogue
  if (argument === "strong" && separator === "\n" && !odd && /^\s{1,4}['"@<]/.test(lower.slice(end, end + 6)))
    return null;
  if (argument === "strong" || argument === "own" || (command.prefixed && odd)) return "shell-command";
  if (argument === "end") {
    const joined = start === 0 || !/\s/.test(lower.charAt(start - 1));
    if (BARE.has(name) && (odd || (!endsSentence(lower, start) && (separator !== "&" || joined))))
      return "shell-command";
    if (opens && lower.charCodeAt(end) === (separator === "`" ? 96 : 41)) return "shell-command";
    return odd && separator !== "&" && separator !== "\n" && !endsSentence(lower, start)
      ? "shell-command-likely"
      : null;
  }
  if (
    opens &&
    separator !== "`" &&
    /^[^()\n]{1,48}\)/.test(lower.slice(end, end + 50)) &&
    !/^(?:select|for|if|while|let|time|link|find|view|as|join|label|tree)$/.test(name)
  )
    return "shell-command";
  if (separator === "\n" || separator === "&") return null;
  if (endsSentence(lower, start)) return null;
  return (odd && name.length > 3) || name === "echo" ? "shell-command-likely" : null;
}

/** A command that is the whole value, with no separator before it. */
function alone(lower: string, command: CommandName, argument: ArgumentKind): string | null {
  const { name, at, end } = command;
  const odd = COMMANDS.get(name) === "odd";
  const follows = lower.slice(end).trimStart().charAt(0);
  // `python -snake` is a search: alone, only a flag that looks like one counts
  const excludes = /^[\s+]{1,4}-[a-z]{4,}/.test(lower.slice(end, end + 16));
  // a patch as git prints it
  if (name === "diff" && lower.startsWith(" --git a/", end)) return null;
  if (argument === "strong") return !excludes && (odd || isFlagged(lower, end)) ? "shell-alone" : null;
  if (argument === "own") return name === "cd" || name === "ip" ? null : "shell-alone";
  if (argument !== "end") return null;
  if (command.prefixed && (odd || BARE.has(name)) && follows === "") return "shell-alone";
  if (!BARE.has(name) || !odd || name.length < 4) return null;
  if (lower.trim().length === end - at) return "shell-bare";
  return /[;|&]/.test(follows) ? "shell-alone" : null;
}

/** Whether a sentence leads up to `at`: markdown quotes commands in backticks. */
function isProse(lower: string, at: number): boolean {
  const before = lower.slice(Math.max(0, at - 60), at);
  return /(?:[a-z\u0080-\uffff]{2,24}[,.:]?\s){2}$/.test(before) || before.endsWith("`") || /\n\s{0,8}$/.test(before);
}

/** Whether two plain words stand directly before `at`: a semicolon there joins sentences. */
function endsSentence(lower: string, at: number): boolean {
  return /(?:[a-z\u0080-\uffff']{2,24}[,:]?\s){1,2}[a-z\u0080-\uffff']{2,24}[.!?"']?\s?$/.test(
    lower.slice(Math.max(0, at - 60), at),
  );
}

/** Whether the backticks are two of many marks in a longer text, and not what the value is about. */
function isListed(lower: string, at: number, end: number): boolean {
  return /[\s(,\u3000-\uffef]/.test(lower.charAt(at - 1)) && lower.length - (end - at) > 32;
}
