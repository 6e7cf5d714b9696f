// Compiles a policy's words into the function that judges requests. All state is made here, once; judging has none.
import type { Exclusion, WafConfig, WafFinding, WafVerdict } from "./config.ts";
import { type Depth, type Hit, ValueJudge } from "./judge.ts";
import { POINTS, type Rule } from "./rule.ts";
import { WAF_RULES } from "./rules/index.ts";
import { DEFAULT_SURFACE_LIMITS, type Field, type FieldKind, type HttpSurface, type SurfaceLimits } from "./surface.ts";
import { isPlainAgent } from "./transport/agent.ts";
import { headerViolations } from "./transport/headers.ts";
import { nameRules } from "./transport/names.ts";
import { parametersOf, shortName } from "./transport/parameters.ts";
import { isPlainHeader, isPlainPath } from "./transport/plain.ts";
import { isForeign, isLed, isServerSession, isSessionName } from "./transport/session.ts";

export type Waf = (surface: HttpSurface) => WafVerdict;

export function compileWaf(config: WafConfig, limits: SurfaceLimits = DEFAULT_SURFACE_LIMITS): Waf {
  const global = config.exclusions.filter((e) => e.route === undefined && e.place === undefined);
  const local = config.exclusions.filter((e) => e.route !== undefined || e.place !== undefined);
  const rules = WAF_RULES.filter(
    (rule) => rule.paranoia <= config.paranoia && !global.some((e) => matchesRule(e, rule)),
  );
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const judge = new ValueJudge(rules);

  return (surface) => {
    const tally = new Tally(local, surface.route ?? surface.path);
    for (const v of [...headerViolations(surface), ...(surface.violations ?? [])]) {
      const rule = byId.get(v.rule);
      if (rule !== undefined) tally.add(v.place, { rule, start: v.start, end: v.end, view: "" });
    }
    const foreign = isForeign(surface);
    const led = isLed(surface);
    const value = (place: string, text: string, kind: FieldKind, depth: Depth): void => {
      for (const hit of judge.judge(text, kind, depth)) tally.add(place, hit);
    };
    const names = (f: Field): void => {
      const ids = nameRules(f);
      if (foreign && f.kind !== "cookie" && f.kind !== "header" && isSessionName(f.name)) ids.push("session-fixation");
      if (!led && (f.kind === "query" || f.kind === "json") && isServerSession(f.name)) ids.push("session-parameter");
      for (const id of ids) {
        const rule = byId.get(id);
        if (rule !== undefined) tally.add(f.place, { rule, start: 0, end: f.value.length, view: "" });
      }
    };
    const field = (f: Field): void => {
      value(f.place, f.value, f.kind, f.prose === true ? "prose" : f.file === true ? "file" : "all");
      names(f);
      // a name of letters is a name; anything else is judged as if it were a value
      if (!isPlainName(f.name) && f.prose !== true) value(`${f.place}#name`, f.name, f.kind, "all");
    };

    if (!isPlainPath(surface.path)) value("path", surface.path, "path", "all");
    const query = parametersOf(surface.query, "query", "query", limits);
    for (const f of query.fields) field(f);
    for (const [name, text] of surface.headers) {
      header(name.toLowerCase(), text, value);
      if (/^x[-_.]?file/i.test(name))
        names({ place: `header.${shortName(name.toLowerCase())}`, name, value: text, kind: "header" });
    }
    for (const [name, text] of surface.cookies)
      field({ place: `cookie.${shortName(name)}`, name, value: text, kind: "cookie" });
    for (const f of surface.fields) field(f);
    const many = byId.get("protocol-too-many-fields");
    if (query.overflow && many !== undefined)
      tally.add("query", { rule: many, start: 0, end: surface.query.length, view: "" });
    return tally.verdict(config);
  };
}

/** Words of small letters, short ones of any: longer mixed names may be base64. */
function isPlainName(name: string): boolean {
  return /^[a-z0-9_-]*$|^\w{1,5}$/.test(name) && name !== "__proto__";
}

function header(
  name: string,
  text: string,
  value: (place: string, text: string, kind: FieldKind, depth: Depth) => void,
): void {
  if (name === "cookie" || isPlainHeader(name, text) || (name === "user-agent" && isPlainAgent(text))) return;
  value(`header.${shortName(name)}`, text, "header", "all");
  if (!/^[\w-]*$/.test(name)) value(`header.${shortName(name)}#name`, name, "header", "all");
}

/** Counts points per field: what one field breaks adds up, what many fields break a little does not. */
class Tally {
  readonly #exclusions: readonly Exclusion[];
  readonly #route: string;
  readonly #points = new Map<string, number>();
  readonly #findings: WafFinding[] = [];
  readonly #seen = new Set<string>();

  constructor(exclusions: readonly Exclusion[], route: string) {
    this.#exclusions = exclusions;
    this.#route = route;
  }

  add(place: string, { rule, start, end, view }: Hit): void {
    const key = `${place}\n${rule.id}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (this.#exclusions.some((e) => matchesRule(e, rule) && matches(e.route, this.#route) && matches(e.place, place)))
      return;
    this.#points.set(place, (this.#points.get(place) ?? 0) + POINTS[rule.severity]);
    this.#findings.push({
      rule: rule.id,
      category: "request",
      score: POINTS[rule.severity] / POINTS.critical,
      start,
      end,
      ...(view === "" ? {} : { view }),
      class: rule.class,
      severity: rule.severity,
      reason: rule.reason,
      place,
    });
  }

  verdict(config: WafConfig): WafVerdict {
    const score = Math.max(0, ...this.#points.values());
    return {
      blocked: config.mode === "block" && score >= Math.max(1, config.threshold),
      score,
      findings: this.#findings,
    };
  }
}

function matchesRule(exclusion: Exclusion, rule: Rule): boolean {
  return exclusion.rule === `${rule.class}-*` || matches(exclusion.rule, rule.id);
}

function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : pattern === text;
}
