// The WAF's public names.
export { type BodyFields, fieldsOf } from "./body/index.ts";
export { compileWaf, type Waf } from "./compile.ts";
export { DEFAULT_WAF_CONFIG, type Exclusion, type WafConfig, type WafFinding, type WafVerdict } from "./config.ts";
export { parseRawRequest } from "./raw/parse.ts";
export { DEFAULT_THRESHOLD, type Paranoia, POINTS, type Rule, type RuleClass, type Severity } from "./rule.ts";
export { WAF_RULES } from "./rules/index.ts";
export {
  DEFAULT_SURFACE_LIMITS,
  type Field,
  type FieldKind,
  type HttpSurface,
  type SurfaceLimits,
  type Violation,
} from "./surface.ts";
export { cookiesOf } from "./transport/parameters.ts";
