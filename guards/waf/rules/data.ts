// Queries and documents of other stores: NoSQL, LDAP, XPath, XML; objects that rebuild themselves; injection into mail,
// headers, prototypes, spreadsheets.
import { type Rule, rule } from "../rule.ts";

const OPERATORS =
  "ne|eq|gt|gte|lt|lte|in|nin|exists|regex|where|or|and|nor|not|func|function|accumulator|expr|mod|type|all|size|elemmatch|comment|options|jsonschema|text|near|within|maxscan|slice|query|orderby|returnkey|lookup|out|merge|inc|set|unset|rename|push|pull|group|project|match";

export const DATA_RULES: readonly Rule[] = [
  rule("nosql-operator", "nosql", "puts a query operator where a value belongs", {
    needs: "$",
    patterns: [
      new RegExp(`\\[\\s{0,2}["']?\\$(?:${OPERATORS})["']?\\s{0,2}\\]`),
      /[{,]\s{0,4}["']?\$(?:ne|gt|gte|lt|lte|nin|in|exists|regex|where|or|nor|not|func|function|eq)["']?\s{0,4}:\s{0,4}(?:["']{2}|null|["']?\.[*+]|-?\d{1,12}\s{0,2}\}|\[\s{0,2}(?:\]|\{\s{0,2}\}|["'])|true|undefined|["'][^"'}]{0,64}["'])/,
    ],
    kinds: ["query", "form", "cookie", "header", "path", "json", "multipart", "text", "xml"],
  }),
  rule("nosql-script", "nosql", "runs JavaScript inside the database", {
    needs: "$.&|",
    patterns: [
      /\$(?:where|function|accumulator)["']?\s{0,4}:|["']\s{0,4}(?:&&|\|\|)\s{0,4}this\s?\.|\d\s?(?:&&|\|\|)\s?this\.\w|\bthis\s?\.\s?\w{1,24}\s?(?:\.\s?match\s?\(|==|!=|\[)|\bdb\s?\.\s?(?:\w{1,24}\s?\.\s?(?:insert|find|remove|drop|update|mapreduce|aggregate|save|count)\w{0,8}|getcollection\w{0,6}|drop\w{0,10}|adduser|eval|version|stats|listcollections)\s?\(|\$or["']?\s{0,4}:\s{0,4}\[\s{0,4}\{|["']\s{0,4}\}\s{0,4}\]?,\s{0,4}\$\w{2,16}\s{0,2}:|\bmapreduce\s?\(|["']?\$(?:comment|query)["']?\s{0,2}:|["']?&(?:exists|ne|gt)["']?\s{0,2}:/,
    ],
  }),
  rule("nosql-key", "nosql", "names a field after an operator that runs code", {
    patterns: [/\$(?:where|function|accumulator)\b/],
    kinds: [],
  }),
  rule("ldap-filter", "ldap", "closes a directory filter and opens another", {
    needs: "(",
    patterns: [
      /[)*]\s?\)?[&|!]\s?\(\s?\w{1,24}\s?[~<>]?=|\)\s{0,4}\(\s{0,4}(?:[|&!]\s{0,4}\(?|\w[\w.;-]{0,40}\s{0,2}(?:[~<>:]?=|\*))|[*)]\s{0,4}\(\s{0,4}[|&!]\s{0,4}(?:\(|[)(]|$|\w{1,30}=|['"&])|^\(?\s{0,4}[&|!]\s{0,4}\(\s{0,4}(?:[\w-]{1,40}|[&|!]\()|\(\s?\w{2,40}\s?=\s?\*?\)|\*\)\s?\)(?:\0|%00|\\x00|$)|\)\(\w{1,24}=\)\)|\*\s?\)\s?\(\s?[&|]?|\*\(\)\|/,
    ],
  }),
  rule("ldap-attribute", "ldap", "matches directory attributes by rule or wildcard", {
    needs: "=:*",
    patterns: [
      /\bobjectclass\s?=\s?\*|\b\w{2,24}:(?:[\d.]{5,40}|dn):=|^\*?\)?[|&]\(?$|^[a-z]{1,20}\*\)\(\(?[|&]|^\*\|$|^@\*$|^\*\)(?:\)|$)/,
    ],
    paranoia: 2,
  }),
  rule("xpath-query", "xpath", "queries a document where a value belongs", {
    needs: "/(:[",
    patterns: [
      /\bcount\s?\(\s?\/|\b(?:child|parent|ancestor|descendant|following|preceding|self|attribute|namespace)(?:-or-self|-sibling)?::|\bstring-length\s?\(|\bsubstring\s?\(\s?(?:name|\/|\w{1,16}::)|\b(?:name|local-name|position|last|text|node|processing-instruction)\s?\(\s?\)\s?(?:=|<|>|or\b|and\b|\])|\/\/\w{1,24}\[[^\]]{0,60}(?:=|\()|\bor\s{1,4}(?:position|name|last)\s?\(|\/\*\[|\]\s?\|\s?\/{1,2}\w{0,24}\[|\bdoc\s?\(\s?["']|\bfn:\w{3,16}\s?\(|\bxquery\b.{0,12}\(|'\]\s?\|\s?\/\/|\bor\s{1,4}1\s?\]|\bpassword:text\(\)/,
    ],
  }),
  rule("xml-entity", "xml", "declares entities or a document type that fetches", {
    needs: "<",
    files: true,
    patterns: [
      /<!entity\b|<!doctype\s{1,8}[\w:.-]{1,64}\s{0,8}(?:\[|system\b|public\s{1,8}["'](?!-\/\/w3c\/\/dtd))|<!element\s|<!attlist\s|<!notation\s|%\w{1,24};\s{0,4}(?:\]|%|$)|\bxi:include\b|xmlns:xi\s?=|\bxinclude\b|<xsl:(?:value-of|stylesheet|include|import|template|copy-of|variable|message|output)\b|<xs:(?:include|import|redefine)\b|schemalocation\s?=\s?["'][^"']{0,200}(?:\/\/)|\bphp:function\s?\(|<\?xml-stylesheet|xmlns:php\s?=|<xml\s[^>]{0,40}(?:src|id)\s?=/,
      /\bsystem\s{1,4}["'](?:file|https?|ftp|php|expect|netdoc|gopher|jar|\/|\.\.)[^"']{0,200}["']/,
    ],
  }),
  rule("xml-cdata", "xml", "hides text from readers in CDATA sections", {
    needs: "<",
    patterns: [/<!\[cdata\[\s{0,4}(?:<|<\]\]>|['"]|&|script)/],
    kinds: ["query", "form", "cookie", "header", "json", "multipart", "text", "path"],
    paranoia: 2,
  }),
  rule("xml-reference", "xml", "refers to an entity that the document does not have", {
    needs: "&",
    patterns: [/>\s{0,8}&(?!(?:lt|gt|amp|quot|apos|nbsp|#))\w{2,32};\s{0,8}<|^%\w{2,24};$/],
    paranoia: 2,
  }),
  rule("object-java", "deserialization", "is a serialised Java object", {
    patterns: [
      /^(?:.{0,200}[^a-z0-9+/])?(?:ro0ab[a-z0-9+/]|kztaau|cs7qaf|h4siaaaaaaaa[\w+/]{16}|ac ?ed ?00 ?05)|\xac\xed\0?.|\baced0005/,
    ],
    files: true,
  }),
  rule("object-php", "deserialization", "is a serialised PHP object", {
    needs: ":",
    patterns: [
      /(?:^|[;{\s"'=])[oc]:\+?\d{1,6}:["'][\w\\]{1,80}["']:\d{1,6}:\s?\{|(?:^|[;{])a:\d{1,6}:\{(?:[ims]:\d|[oas]:)/,
    ],
  }),
  rule("object-python", "deserialization", "is a pickle or a YAML document that builds objects", {
    patterns: [
      /!!(?:python\/|javax?\.|ruby\/|org\.|com\.|clojure|js\/)|!ruby\/|\bcos\nsystem\b|\bc(?:__builtin__|builtins|posix|nt|subprocess|os)\n\w{2,16}\n|^gasv[\w+/]{8}|\(dp\d\n|\bctypes\n/,
    ],
  }),
  rule("object-net", "deserialization", "is a serialised .NET or Node object, or names the type to build", {
    needs: "/$_",
    patterns: [
      /^aaeaaad\/{3,6}|_\$\$nd_func\$\$_|["']?\$type["']?\s{0,2}[:=]\s{0,2}["'](?:system|microsoft|newtonsoft)\b|["']@type["']\s{0,2}:\s{0,2}["'](?:com|org|java|javax|lcom|\[com)\b|\bobjectdataprovider\b|\bobjectstateformatter\b|\blosformatter\b|\bbinaryformatter\b/,
    ],
  }),
  rule("header-split", "injection", "starts a new header or answer line", {
    needs: "\n",
    patterns: [
      /[\r\n][ \t]{0,4}(?:set-cookie2?|location|content-(?:length|type|encoding|disposition|security-policy|location)|x-xss-protection|x-forwarded-\w{2,8}|transfer-encoding|refresh|access-control-\w{2,24}|last-modified)[ \t]{0,4}:|[\r\n]\s{0,4}http\/\d|[\r\n]{2,4}\s{0,4}<(?:html|script)\b|^[\r\n]{1,4}[a-z][\w-]{2,32}[\r\n]{0,6}:\s?\S/,
    ],
    kinds: ["query", "cookie", "header", "path"],
  }),
  rule("header-split-body", "injection", "holds an answer's headers after a line break", {
    needs: "\n",
    patterns: [
      /[\r\n][ \t]{0,4}(?:set-cookie2?[ \t]{0,4}:[ \t]{0,4}\S{1,80}=|location[ \t]{0,4}:[ \t]{0,4}(?:https?:|\/\/)|content-length[ \t]{0,4}:[ \t]{0,4}\d{1,12}|http\/\d\.\d[ \t]\d{3})/,
    ],
    kinds: ["form", "json", "multipart", "text", "xml"],
  }),
  rule("header-split-name", "injection", "has a line break in a parameter's name"),
  rule("header-split-any", "injection", "holds a line break where none can stand", {
    plainOnly: true,
    needs: "\n",
    patterns: [/[\r\n]/],
    kinds: ["path", "header", "cookie"],
  }),
  rule("header-request", "injection", "holds a whole HTTP request or answer line", {
    needs: "/",
    patterns: [
      /(?:^|[\r\n\s])(?:get|post|head|options|connect|put|delete|trace|track|patch|propfind|propatch|mkcol|copy|move|lock|unlock)\s{1,4}(?:\/|https?:\/\/)\S{0,200}\s{1,4}http\/\d/,
      /\bhttp\/\d(?:\.\d)?\s{1,4}\d{3}\s{1,4}(?:ok|found|moved)\b/,
    ],
  }),
  rule("header-unicode", "injection", "hides line breaks in characters that are cut to one byte", {
    patterns: [/[\u560a\u560d\u010a\u010d][\u560a\u560d\u010a\u010d]?\s?[a-z-]{3,24}\s{0,2}[:\u563a]/],
  }),
  rule("mail-command", "injection", "adds commands or headers to a mail conversation", {
    needs: "\n",
    patterns: [
      /[\r\n]{1,4}\s{0,4}(?:rcpt to\s?:|mail from\s?:|data[\r\n]|quit(?:[\r\n]|$)|ehlo\s|helo\s|rset[\r\n]|vrfy\s|bcc\s?:\s?\S{1,80}@|(?:[a-z]{0,3}\d{1,4}\s)(?:capability|fetch\s\d|select\s\w|login\s\S{1,40}\s\S|logout|list\s|examine\s|noop|create\s|delete\s|search\s|copy\s\d|store\s\d))/,
      /^\s{0,4}[\r\n]{1,4}\s{0,4}(?:(?:retr|dele|uidl|list)\s{1,4}\d{1,9}|top\s{1,4}\d{1,9}\s{1,4}\d{1,9}|(?:auth|apop)\s{1,4}\S{1,64}\s{1,4}\S{8,}|(?:data|noop|rset|quit|starttls)|(?:expn|etrn)\s{1,4}\S{1,40}|[a-z]{0,3}\d{1,4}\s{1,4}(?:authenticate|status|quit|subscribe|append|expunge|starttls|rename|lsub|check|close)(?:\s{1,4}\S{1,40}){0,2})\s{0,8}$/,
      /^\s{0,4}[\r\n]{1,4}\s{0,4}(?:[a-z]{0,3}\d{1,4}|[a-z])\s{1,4}(?:uid\s{1,4})?(?:append\s{1,4}\S{1,64}\s{1,4}[({]|(?:store|fetch|copy|search|expunge)\s{1,4}[\d:*,]{1,24}(?:\s|$))/,
    ],
  }),
  rule("prototype-pollution", "injection", "reaches for the prototype of every object", {
    patterns: [
      /__proto__|\bconstructor["'\]]{0,2}\s?(?:\.|\[)\s?["']?prototype\b|__(?:define|lookup)(?:getter|setter)__/,
    ],
  }),
  rule("orm-lookup", "injection", "asks an object mapper for a field that is secret or many relations away", {
    paranoia: 2,
  }),
  rule(
    "number-loop",
    "injection",
    "is a number that old number parsers never return from (CVE-2010-4476, CVE-2010-4645)",
    {
      needs: ".",
      patterns: [/\b2\.22507385850720[01]\d{1,4}e-30[78]\b|\b22\.22507385850720[01]\d{1,4}e-309\b/],
    },
  ),
  rule(
    "object-flight",
    "deserialization",
    "is a React server reference that reaches for constructors (CVE-2025-55182)",
    {
      needs: ":",
      patterns: [
        /\$[\da-f]{0,4}:(?:[\w$]{1,24}:){0,3}(?:__proto__|prototype|constructor)\b|["']?status["']?\s{0,4}:\s{0,4}["']resolved_model["']/,
      ],
    },
  ),
  rule("graphql-introspection", "injection", "asks a GraphQL service for its whole schema", {
    needs: "{(",
    patterns: [/\b__(?:schema|type)\s{0,8}(?:\{|\()|\bintrospectionquery\b/],
    paranoia: 2,
  }),
  rule("formula", "injection", "is a spreadsheet formula that runs a program or sends data away", {
    needs: "=+-@",
    patterns: [
      /^[\s"']{0,4}[=+\-@][\s"']{0,4}(?:cmd|msexcel|powershell|rundll32|mshta|regsvr32|calc)\s?\||^[\s"']{0,4}[=+\-@]\s?\d{0,8}[-+*/]?\d{0,8}[-+*/=]?(?:cmd|dde|ddeauto)\s?[|("]|^[\s"']{0,4}[=+\-@]\s{0,4}(?:hyperlink|webservice|importxml|importhtml|importdata|importfeed|importrange|image|dde)\s?\(|\|\s?'\s?\/c\s|^[=+\-@]\w{2,12}\([^)]{0,40}\)\*?cmd\|/,
    ],
    paranoia: 2,
  }),
  rule("format-string", "injection", "repeats conversions that make printf read or write memory", {
    needs: "%",
    patterns: [/(?:%(?:\d{1,3}\$)?[0-9.]{0,4}l?[sxnpd]){4}/],
    paranoia: 2,
  }),
  rule("session-parameter", "injection", "brings a server's session along as a parameter", { paranoia: 2 }),
  rule("session-fixation", "injection", "sets a session cookie for somebody else", {
    needs: ".=;",
    patterns: [/\.cookie\b.{0,40}(?:;\s?\W{0,4}(?:domain|expires)\W{0,4}=)|\bhttp-equiv\W{1,4}set-cookie\b/],
  }),
];
