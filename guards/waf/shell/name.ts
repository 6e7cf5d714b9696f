// The name of a command as a shell reads it: quotes, backslashes, carets and empty expansions are gone before it looks.

/** A name ends at white space and operators, except for the empty substitutions that attackers put inside names. */
const NAME = /(?:``|[$<>]\(\)|[^\s;|&<>()\n`]){1,64}/y;
const EMPTY = /\$(?:[@*!?$_0-9-]|[a-z]{1,2}(?![a-z])|\{[^}]{0,16}\}|\(\))|``|[<>]\(\)|['"\\^]/g;
/** They take a command as their argument. */
const PREFIX =
  /^(?:sudo|doas|exec|nohup|command|builtin|time|then|do|else|env|xargs|busybox|strace|ltrace|setsid|nice|ionice|timeout|watch|multitime|!|\{)$/;

export interface CommandName {
  /** as it stands */
  readonly raw: string;
  /** as a shell reads it, without its folder and a trailing version */
  readonly name: string;
  readonly at: number;
  readonly end: number;
  /** another command stands before it that starts it */
  readonly prefixed: boolean;
}

/** The command that starts at `from`, past prefixes and assignments. */
export function commandName(lower: string, from: number): CommandName | null {
  let at = skip(lower, from);
  let prefixed = false;
  for (let n = 0; n < 4; n++) {
    NAME.lastIndex = at;
    const raw = NAME.exec(lower)?.[0];
    if (raw === undefined) return null;
    const name = bareName(raw);
    const starts = PREFIX.test(name);
    const next = skip(lower, at + raw.length);
    const goes = next > at + raw.length && next < lower.length && lower.charAt(next) !== "-";
    if (!goes || !(starts || /^[a-z_]\w{0,16}=\S{0,40}$/.test(raw)))
      return { raw, name, at, end: at + raw.length, prefixed };
    prefixed ||= starts;
    at = next;
  }
  return null;
}

function skip(text: string, from: number): number {
  let at = from;
  while (at < from + 64 && (text.charCodeAt(at) <= 32 || "({+".includes(text.charAt(at))) && at < text.length) at++;
  return at;
}

export function bareName(raw: string): string {
  const name = raw.replace(EMPTY, "");
  return name.slice(name.lastIndexOf("/") + 1).replace(/(?<=[a-z+])\d{1,2}(?:\.\d{1,2}){0,2}$/, "");
}

/** Whether what a shell drops stands inside the name, and not just around it. */
export function isDisguised({ raw, name }: CommandName): boolean {
  if (name.length < 2 || /^(["'])[^"']*\1$/.test(raw)) return false;
  if (count(raw, "'") % 2 !== 0 || count(raw, '"') % 2 !== 0) return false;
  const inner = raw.slice(raw.lastIndexOf("/") + 1);
  return /[\\^]\w|\w["'][\w"']|["']\w{1,12}["']\w|\w\$[@*!?$_0-9-]\w|\w\$\{|\w``|\w?\(\)\w|\$[a-z]{1,2}\b/.test(inner);
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}
