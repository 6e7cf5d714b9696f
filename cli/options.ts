// Options that several commands read in one way.
import { InvalidArgumentError } from "commander";

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** `90s`, `30m`, `24h`, `7d` or `0`, as seconds. */
export function secondsOf(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (text === "0") return 0;
  if (count === undefined || unit === undefined) throw new InvalidArgumentError("a time such as 90s, 30m, 24h or 7d.");
  return Number(count) * SECONDS[unit as keyof typeof SECONDS];
}

/** A moment, as RFC 3339: one that is given so, or so long ago as `24h` says. */
export function momentOf(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}(?:T|$)/.test(text) && !Number.isNaN(Date.parse(text))) return new Date(text).toISOString();
  return new Date(Date.now() - secondsOf(text) * 1000).toISOString();
}

/** Whole days from 1 to 90. */
export function daysOf(text: string): number {
  const days = Number(text);
  if (!/^\d{1,2}$/.test(text) || days < 1 || days > 90) throw new InvalidArgumentError("whole days from 1 to 90.");
  return days;
}

export function onOff(text: string): boolean {
  if (text !== "on" && text !== "off") throw new InvalidArgumentError("on or off.");
  return text === "on";
}

/** `?a=1&b=2` of what is given, or nothing. */
export function queryOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** A body of what is given. */
export function given(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
