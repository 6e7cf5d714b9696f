// All readings of one value that a server or a browser may come to, each made once, bounded in number and never longer
// than the value itself.
import type { FieldKind } from "../surface.ts";
import { base64Views } from "./base64.ts";
import { commentView } from "./comments.ts";
import { pathView } from "./paths.ts";
import { decodeRound, type RoundSeen } from "./round.ts";
import { utf7View } from "./utf7.ts";
import type { View } from "./view.ts";

/** Layers of encoding that are undone; one more is no traffic of anyone's. */
const MAX_ROUNDS = 5;

export interface Views {
  readonly views: readonly View[];
  readonly seen: Readonly<RoundSeen>;
  /** layers of URL encoding that were undone */
  readonly rounds: number;
}

/** Kinds that a server percent-decodes before anyone reads them: as it stands the value means nothing. */
const WIRE: ReadonlySet<FieldKind> = new Set(["query", "form", "path", "cookie"]);

export function viewsOf(value: string, kind: FieldKind): Views {
  const seen: RoundSeen = { url: false, html: false, escape: false, fold: false, nul: false, overlong: false };
  const raw: View = { name: "", text: value };
  const views: View[] = [raw];
  let last = raw;
  let rounds = 0;
  for (; rounds < MAX_ROUNDS; rounds++) {
    const plus = rounds === 0 && (kind === "query" || kind === "form");
    const next = decodeRound(last, plus, seen);
    if (next === null) break;
    views.push(next);
    last = next;
  }
  const utf7 = utf7View(last) ?? (last === raw ? null : utf7View(raw));
  if (utf7 !== null) views.push(utf7);
  const path = pathView(last);
  if (path !== null) views.push(path);
  const bare = commentView(last);
  if (bare !== null) views.push(bare);
  const hidden = base64Views(views[WIRE.has(kind) && rounds > 0 && last.name !== "plus" ? 1 : 0] ?? raw);
  for (const view of hidden) {
    views.push(view);
    const inner = decodeRound(view, false, seen);
    if (inner !== null) views.push(inner);
  }
  return { views: WIRE.has(kind) && rounds > 0 ? views.slice(1) : views, seen, rounds };
}
