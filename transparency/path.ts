// Names of tiles and entry bundles: C2SP tlog-tiles, "APIs". One spelling a resource: anything else is no path at all,
// so that a cache, a policy and a log never see two names for one thing.
import { TILE_WIDTH } from "./tile.ts";

/** What a path names. `level` is `entries` for a bundle. `width` is 256 where the path asks for the full one. */
export interface TilePath {
  readonly level: number | "entries";
  readonly index: number;
  readonly width: number;
}

/** `tile/<L>/<N>[.p/<W>]`, without a leading slash. */
export function formatTilePath({ level, index, width }: TilePath): string {
  const partial = width === TILE_WIDTH ? "" : `.p/${width}`;
  return `tile/${level}/${formatIndex(index)}${partial}`;
}

// level 0 to 63; index in groups of three digits, all but the last after an x; width 1 to 255; no leading zeroes
const PATH =
  /^tile\/(entries|[1-5]?[0-9]|6[0-3])\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?$/;

/** Reads what {@link formatTilePath} writes; null for everything else, other spellings of the same tile included. */
export function parseTilePath(path: string): TilePath | null {
  const match = PATH.exec(path);
  if (match === null) return null;
  const [, level, groups, width] = match;
  if (level === undefined || groups === undefined) return null;
  const index = Number(groups.replace(/[x/]/g, ""));
  // x000/001 spells 1 a second time
  if (!Number.isSafeInteger(index) || formatIndex(index) !== groups) return null;
  return {
    level: level === "entries" ? level : Number(level),
    index,
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
}

function formatIndex(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = padded.match(/\d{3}/g) ?? [];
  return groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join("/");
}
