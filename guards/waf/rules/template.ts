// Expressions that template engines evaluate. `{{ name }}` and `${amount}` are everybody's; arithmetic on numbers, calls
// with arguments, and the inner names of an engine are not.
import { type Rule, rule } from "../rule.ts";

export const TEMPLATE_RULES: readonly Rule[] = [
  rule("template-lookup", "template", "asks a logger or a directory to look something up and run it (Log4Shell)", {
    needs: "$",
    everywhere: true,
    patterns: [
      /\$\{\s{0,4}(?:jndi|lower|upper|env|sys|ctx|base64|main|bundle|marker|sd|docker|kubernetes|k8s)\s{0,2}:|\$&l(?:brace|cub)|\$\{\s{0,4}java:(?:version|os|vm|hw|runtime|locale)/,
      /\$\{[^}$]{0,40}\$\{|\$\{\s{0,4}:{1,2}-|\$\{[^}]{0,24}:-[^}]{0,8}\}\s{0,2}\w{0,4}(?:\$\{|:)|jndi\s{0,2}:\s{0,2}(?:ldaps?|rmi|dns|iiop|corba|nds|https?|nis)\b|\$\{\W{0,8}j\W{0,8}n\W{0,8}d\W{0,8}i\W{0,8}:/,
    ],
  }),
  rule("template-arithmetic", "template", "computes with numbers to see whether a template engine answers", {
    needs: "{<[@",
    patterns: [
      /(?:\{\{[=%#]?|\$\{\{?|#\{|\*\{|@\{|%\{|~\{|<%=?|\{%|\[\[|@\(|\{php\}|=\{|\{\{\{)\s{0,4}["'(]?-?\d{1,12}["')]?\s{0,4}[-+*/%]\s{0,4}["'(]?-?\d{1,12}/,
      /\{\{?[=!]?\s{0,4}(?:["'][^"'{}]{0,20}["']|\d{1,8})\s{0,2}(?:\*|\.(?:repeat|tou|join|format|sub|replace|getclass|__)|\[|\|\s?(?:join|attr|length|upper|map|reverse|sort|filter|passthru|system))/,
    ],
  }),
  rule("template-internals", "template", "reaches for the inside of a template engine or its language", {
    needs: "{<[#$@",
    patterns: [
      /(?:\{\{|\{%|\$\{|#\{|<%|\*\{|%\{|@\{)[^}]{0,160}(?:__\w{3,20}__|\bself\b\s{0,2}[._[|(]|\brequest\s?[.[|]|\bconfig\b\s{0,2}(?:\}|[.[|])|\bcycler\b|\blipsum\b|\bnamespace\b|\bjoiner\b|\burl_for\b|\bget_flashed_messages\b|\b_self\b|\bapp\.(?:request|session)|\bconstructor\b|\bprocess\b\s?\.|\brequire\b|\bglobal\b|\bgetclass\b|\bforname\b|\bclass\b\s?\.|\bruntime\b|\bproductclass|\bfreemarker\b|\bopen\s?\(|\bsystem\s?\(|\bexec\s?\(|\bpopen\b|\bimport\b|\beval\s?\(|\bregisterundefined|\bfilter\s?\(\s?["']|\bdump\s?\(|\bdebug\s?\(|\binclude\b\s?["'(]|\bextends\b\s?["'(]|\battr\s?\(|\bsource\s?\(|\bfetch\b\s?\()/,
      /\bt\s?\(\s?java\.|#\s?(?:set|evaluate|include|parse|foreach)\s?\(\s?[$"']|<#(?:assign|import|include|list|macro|function)\b|\?(?:new|api|interpret|eval)\s?\(|\$\{?(?:class|context|request|response|session|application|parameters|_request|attr)\.\w{1,24}(?:\.\w{1,24})?\s?\(|\{(?:php|literal|system|math|if)\}|\{if\s[^}]{0,40}\(|\{\$smarty\b|\{self::/,
      /#\{\s?(?:session|request|context|applicationscope|facescontext|param|empty|\w{1,16}\.getclass|require|process|global|this|`|system|exec|%x|file|io|dir|kernel|open)\b[^}]{0,80}[.([`'"]|<%[=\-#@!]?\s{0,4}(?:system|exec|eval|`|file|io|dir|kernel|require|include|page\b|import|response|request|server|out\.|runtime|new\s|\w{1,20}\()/,
      /\$\{\s{0,4}@?(?:print|system|exec|eval|sleep|phpinfo|passthru|shell_exec|md5|var_dump|die|assert|file|chr)\s?\(|\{\$\{\s{0,2}\w/,
    ],
  }),
  rule("template-ognl", "template", "is an OGNL or Spring expression that calls Java", {
    needs: "#@(",
    patterns: [
      /[%$#]\{\s{0,4}\(?\s?#\w{1,20}|\(#(?:_memberaccess|context|dm|ognlutil|container|cmd|iswin|rt|_?req|res|a|nike|wwww)\b|#_memberaccess|@(?:java|ognl|org|com)\.[\w.]{2,60}@|#(?:application|session|parameters|request|attr|context)\s?[[.]\s?["'\w]|\bxwork\.methodaccessor|\bredirect(?:action)?:[%$]\{|\baction:[%$]\{/,
    ],
  }),
  rule("template-polyglot", "template", "is a probe for several template engines at once", {
    needs: "{",
    patterns: [/\$\{\{<%\[%|<%['"}{%]{1,6}\$?|\{\{<%|\{#\s?[^#]{0,20}\s?#\}\s?\{\{|\$\{\{|#\{\}\{\{/],
    paranoia: 2,
  }),
  rule("template-truth", "template", "asks a template engine whether true is true", {
    needs: "%",
    patterns: [
      /(?:\{%|<%)[-=]?\s{0,4}(?:if|unless)\s{1,4}(?:true|false|\d{1,4}\s{0,2}(?:==|[<>])\s{0,2}\d{1,4})\s{0,4}[-]?[%]/,
    ],
    paranoia: 2,
  }),
  rule("template-include", "template", "is a server-side include directive", {
    needs: "<",
    patterns: [
      /<!--\s{0,4}#\s{0,2}(?:exec|include|echo|config|printenv|fsize|flastmod|set|if)\b|<esi:(?:include|inline|vars|debug|remove)\b/,
    ],
  }),
];
