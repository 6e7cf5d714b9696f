// What breaks HTTP itself. The positive model is found by `raw/` and `transport/`; only scanners are known by name.
import { SCANNERS } from "../lexicon.ts";
import { type Rule, rule } from "../rule.ts";

const NAMES = SCANNERS.split(" ").filter(
  (name) => !/^(?:fuzz|faster|fool|nasl|fuff|hydra|medusa|vega|brutus|commix)$/.test(name),
);

export const PROTOCOL_RULES: readonly Rule[] = [
  rule("scanner-agent", "scanner", "calls itself a scanner", {
    patterns: [
      new RegExp(
        `(?:^|[^a-z])(?:${NAMES.join("|")})(?:[^a-z]|$)|fuzz faster u fool|\\.nasl\\b|\\bopenvas|\\bhydra\\b.{0,8}http|\\(hydra\\)|\\bscanner\\b.{0,16}(?:vuln|security)|\\bvuln\\w{0,12}\\s?scan`,
      ),
    ],
    kinds: ["header"],
  }),
  rule("protocol-method", "protocol", "uses a method that is none of HTTP's for an API"),
  rule("protocol-version", "protocol", "names a version of HTTP that is none"),
  rule("protocol-request-line", "protocol", "begins with no request line"),
  rule("protocol-target", "protocol", "names a target that no request line may have"),
  rule("protocol-host", "protocol", "has no Host, several, or one that the target contradicts"),
  rule("protocol-host-address", "protocol", "names the host by a bare address", { severity: "warning", paranoia: 3 }),
  rule("protocol-smuggling", "protocol", "states the length of its body in two ways that proxies read differently"),
  rule("protocol-length", "protocol", "states a length that is no number"),
  rule("protocol-header-name", "protocol", "has a header whose name is no token, or a space before its colon"),
  rule("protocol-header-control", "protocol", "has control characters in a header's value"),
  rule("protocol-header-fold", "protocol", "folds a header over several lines"),
  rule("protocol-line-end", "protocol", "ends lines in two ways"),
  rule("protocol-header-twice", "protocol", "repeats a header that stands once", { severity: "error", paranoia: 2 }),
  rule("protocol-header-odd", "protocol", "sends a header value that its grammar does not have", { paranoia: 2 }),
  rule(
    "protocol-header-forbidden",
    "protocol",
    "sends a header that changes what proxies and frameworks take the request for",
    { paranoia: 2 },
  ),
  rule("protocol-range", "protocol", "asks for so many ranges that serving them is the attack"),
  rule(
    "protocol-content-type",
    "protocol",
    "sends a content type that is no media type, or one in a charset nobody uses",
    { paranoia: 2 },
  ),
  rule("protocol-body-shape", "protocol", "has a body that is not what its content type says", {
    severity: "error",
    paranoia: 2,
  }),
  // a fetch cannot send one and a Worker cannot pass one on: it is there for another reader
  rule("protocol-body-method", "protocol", "has a body where its method has none", { paranoia: 2 }),
  rule("protocol-body-untyped", "protocol", "has a body and does not say what it is", {
    severity: "warning",
    paranoia: 3,
  }),
  rule("protocol-multipart", "protocol", "has a multipart body that parsers read in different ways", { paranoia: 2 }),
  rule("protocol-multipart-name", "protocol", "names a form part or file with characters that end names", {
    paranoia: 2,
  }),
  rule("protocol-too-many-fields", "protocol", "has more fields than anyone reads"),
  rule("protocol-too-deep", "protocol", "is nested deeper than any document"),
  rule("protocol-encoding", "protocol", "has a percent sign that escapes nothing", {
    severity: "warning",
    paranoia: 2,
  }),
  rule("protocol-overlong", "protocol", "writes ASCII as overlong UTF-8"),
  rule("protocol-double-encoding", "protocol", "is encoded more than twice", { severity: "warning", paranoia: 2 }),
  rule("protocol-nul", "protocol", "holds a NUL byte", { everywhere: true }),
  rule("protocol-control", "protocol", "holds control characters", { severity: "error", paranoia: 2 }),
  rule("protocol-control-line", "protocol", "holds control characters in an address, a cookie or a header", {
    paranoia: 2,
  }),
  rule("protocol-hidden-letter", "protocol", "encodes letters that need no encoding, so that filters do not see them", {
    paranoia: 2,
  }),
  rule("protocol-name-odd", "protocol", "names a parameter with characters that no name has", {
    severity: "warning",
    paranoia: 2,
  }),
  rule("protocol-name-behind", "protocol", "goes on after a bracket in a parameter's name", { paranoia: 2 }),
  rule("protocol-override", "protocol", "asks for another method than its own", { paranoia: 2 }),
];
