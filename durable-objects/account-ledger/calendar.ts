// Budgets by the UTC calendar, exact: requests and tokens of a day, tokens of a month. What is reserved is used until it
// is given back. A window that has ended takes nothing back.

const DAY_MS = 86_400_000;

export interface Windows {
  /** days since 1970-01-01 */
  readonly day: number;
  /** 12 × year + month, from 0 */
  readonly month: number;
  readonly requestsOfDay: number;
  readonly tokensOfDay: number;
  readonly tokensOfMonth: number;
}

export function emptyWindows(): Windows {
  return { day: 0, month: 0, requestsOfDay: 0, tokensOfDay: 0, tokensOfMonth: 0 };
}

/** The windows as they stand at `now`: those that have ended are empty. */
export function windowsAt(windows: Windows, now: number): Windows {
  const day = Math.floor(now / DAY_MS);
  if (day === windows.day) return windows;
  const date = new Date(now);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  return {
    day,
    month,
    requestsOfDay: 0,
    tokensOfDay: 0,
    tokensOfMonth: month === windows.month ? windows.tokensOfMonth : 0,
  };
}

/** One request and its tokens, in the windows of `now`. */
export function reserve(windows: Windows, tokens: number, now: number): Windows {
  const current = windowsAt(windows, now);
  return {
    ...current,
    requestsOfDay: current.requestsOfDay + 1,
    tokensOfDay: current.tokensOfDay + tokens,
    tokensOfMonth: current.tokensOfMonth + tokens,
  };
}

/** Gives back to those of the windows it was taken from that still last. Negative tokens charge what was too little. */
export function giveBack(
  windows: Windows,
  taken: { readonly day: number; readonly month: number },
  back: { readonly requests: number; readonly tokens: number },
  now: number,
): Windows {
  const current = windowsAt(windows, now);
  const sameDay = current.day === taken.day;
  const sameMonth = current.month === taken.month;
  return {
    ...current,
    requestsOfDay: sameDay ? Math.max(0, current.requestsOfDay - back.requests) : current.requestsOfDay,
    tokensOfDay: sameDay ? Math.max(0, current.tokensOfDay - back.tokens) : current.tokensOfDay,
    tokensOfMonth: sameMonth ? Math.max(0, current.tokensOfMonth - back.tokens) : current.tokensOfMonth,
  };
}

/** Unix milliseconds of the next UTC midnight. */
export function dayEndsAtMs(now: number): number {
  return (Math.floor(now / DAY_MS) + 1) * DAY_MS;
}

/** Unix milliseconds of the first of the next month, UTC. */
export function monthEndsAtMs(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
