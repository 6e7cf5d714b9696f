// Scripts in markup and in the places where markup is assembled.
import { type Rule, rule } from "../rule.ts";

const EVENTS =
  "abort|activate|after|animation|auxclick|before|begin|blur|bounce|cancel|canplay|cellchange|change|click|close|contextmenu|controlselect|copy|cuechange|cut|data|dblclick|deactivate|drag|drop|durationchange|emptied|end|error|filterchange|finish|focus|form|fullscreen|gotpointer|hashchange|help|input|invalid|key|layout|load|lose|lostpointer|media|message|mouse|move|offline|online|page|paste|pause|play|pointer|popstate|popup|progress|propertychange|ratechange|readystate|repeat|reset|resize|resume|reverse|row|scroll|search|seek|select|show|slotchange|stalled|start|stop|storage|submit|suspend|syncrestored|time|toggle|touch|trackchange|transition|undo|unhandled|unload|urlflip|volumechange|waiting|webkit|wheel|x";
const SINKS =
  "alert|confirm|prompt|eval|settimeout|setinterval|setimmediate|execscript|msgbox|fetch|importscripts|atob|unescape";

export const XSS_RULES: readonly Rule[] = [
  rule("xss-element", "xss", "opens an element that runs or loads code"),
  rule("xss-handler", "xss", "gives an element an event handler"),
  rule("xss-address", "xss", "gives an element an address that is a script"),
  rule("xss-style", "xss", "gives an element a style that fetches or executes"),
  rule("xss-fetch", "xss", "opens an element that loads styles or changes others", { paranoia: 2 }),
  rule("xss-odd-element", "xss", "opens an element that forms have no use for", { severity: "warning", paranoia: 3 }),
  rule("xss-break-out", "xss", "closes an attribute's value and adds an event handler", {
    needs: "=",
    hint: /o(?:<\w{0,3}>?|\w{0,3}>)?n[a-z]{3,48}[\s\0]{0,8}=|formaction|srcdoc|xlink/,
    patterns: [
      new RegExp(
        `["'\`][\\s/\\\\+]{0,8}[^\\s=<>"'\`]{0,24}[\\s/\\\\+"'\`)(]{0,8}\\bon(?:${EVENTS})[a-z]{0,20}[\\s\\0]{0,8}=[\\s"'\`]{0,8}[^\\s=&;]`,
      ),
      /["'`<]\s{0,4}on[a-z]{3,48}\s{0,4}=\s{0,4}$/,
      /^\s{0,8}on[a-z]{3,48}\s{0,8}=\s{0,8}$/,
      new RegExp(`["'\`]\\s{0,4}(?:on(?:${EVENTS})[a-z]{0,20}|formaction|srcdoc|xlink:href)\\s{0,4}=\\s{0,4}$`),
      new RegExp(`(?:^|[\\s/])on(?:${EVENTS})[a-z]{0,20}[\\s\\0]{0,8}=[\\s"'\`]{0,8}[^&\\n]{0,64}[(\`=]`),
      new RegExp(
        `[\\w\\\\"'/]>?\\s{0,4}o(?:<\\w{0,3}>?|\\w{0,3}>)?n(?:${EVENTS})[a-z]{0,20}\\s{0,4}=\\s{0,4}[\\w(]{1,24}(?:[(\`]|<\\w{0,3}>\\()`,
      ),
    ],
  }),
  rule("xss-scheme", "xss", "is an address that runs a script", {
    needs: ":",
    patterns: [
      /(?:^|["'=(\s>,;/])(?:j[\s\0]{0,4}a[\s\0]{0,4}v[\s\0]{0,4}a|v[\s\0]{0,4}b|live|j)[\s\0]{0,4}s[\s\0]{0,4}c[\s\0]{0,4}r[\s\0]{0,4}i[\s\0]{0,4}p[\s\0]{0,4}t[\s\0]{0,4}:(?=[\s\ufeff]{0,4}[^\s\ufeff])(?![\s]{0,2}(?:[a-z]{2,20}[\s,.]{1,2}){2})/,
      /(?:^|["'=(\s>])data:(?:text\/(?:html|xml|javascript)|application\/(?:x-)?(?:javascript|xhtml\+xml|xml)|image\/svg\+xml)[,;]/,
      /\bfeed:(?:javascript|data):|\bview-source:(?:javascript|data|https?):/,
    ],
  }),
  rule("xss-call", "xss", "calls a function that scripts run or probe with", {
    needs: "(`[",
    patterns: [
      /(?:^|[^\w.$-])\(?(?:window|self|top|parent|frames|globalthis|this)?\.?(?:alert|confirm|prompt|execscript)\)?\s{0,4}(?:\?\.\s?)?(?:\(\s{0,4}(?:\d|["'`/(]|\)|document|window|location|origin|string|self|this|top|name\)|xss|[a-z_$]{1,12}[.[(]|=|a?rnd)|`)/,
      /\b(?:alert|confirm|prompt)\s?\.\s?(?:call|apply|bind)\s?[(`]|(?:^|[^\w])\((?:alert|confirm|prompt|eval)\)\s?[(`]|\((?:alert|confirm|prompt)(?:,|\))|\.(?:some|map|find|filter|foreach|every|sort|replace)\s?\(\s?(?:\w{0,8},)?(?:alert|confirm|prompt|eval)\b/,
      /(?:^|[^\w.$])(?:eval|settimeout|setinterval|execscript|new\s{1,4}function|function)\s{0,4}[(`]\s{0,4}(?:["'`]|atob|string|unescape|decodeuri|location|document|name|window|\$|\/)/,
      /\bstring\s?(?:\.\s?fromcharcode|\[\s?["']fromcharcode)|\.constructor\s?\(\s?["'`]|\bconstructor\s?\.\s?constructor|\[\s?["'`](?:constructor|eval|alert|cookie|fromcharcode|innerhtml|tostring)["'`]\s?\]|\bmsgbox\s?[("+]|\bunescape\s?\(\s?["'`]|\batob\s?\(\s?["'`]/,
      /\bimport\s?\(\s?["'`](?:https?:)?\/\/|\bfetch\s?\(\s?["'`](?:https?:)?\/\/|\bnew\s(?:image|xmlhttprequest|websocket)\b\s?[(.;]|\bimportscripts\s?\(|\$\.get(?:script|json)\s?\(|\bnavigator\s?\.\s?sendbeacon/,
      /\b(?:window|self|top|parent|this|frames|globalthis)\s{0,8}\[\s{0,8}(?:["'`/(]|\d|\w{1,12}\s?[+.(])/,
    ],
  }),
  rule("xss-document", "xss", "reads or changes the page from a script", {
    needs: ".[",
    patterns: [
      /\bdocument\s{0,8}(?:\?\.|\.)\s{0,8}(?:cookie|domain|location|write(?:ln)?|body|documentelement|createelement|getelement\w{1,20}|queryselector|referrer|url\b|execcommand|forms|defaultview|scripts|stylesheets|implementation|open\()|\bdocument\s?\[\s?["'`]/,
      /\b(?:window|self|top|parent|this|document)\s?\.\s?(?:location|name|open|opener|frames|onerror|alert|eval|cookie)\b\s?(?:=(?!=)|\.|\(|\[)|(?:^|[^\w.])location\s?(?:\.\s?(?:href|hash|search|replace|assign)\s?(?:=(?!=)|\()|=\s?["'`(\w]{0,2}javascript)/,
      /\.(?:inner|outer)html\s?=|\.insertadjacenthtml\s?\(|\.(?:appendchild|setattribute|execcommand)\s?\(|\b(?:local|session)storage\s?(?:\.|\[)|\bonerror\s?=\s?(?:eval|alert)|\bthrow\s?(?:["'`/]|onerror)|\.cookie\s?[;=]/,
    ],
  }),
  rule("xss-script-end", "xss", "leaves a script's string or block to add statements", {
    needs: "'\"`",
    patterns: [
      new RegExp(
        `["'\`]\\s{0,4}[)\\]}]{0,6}\\s{0,4}[-+;,|&^*/%?=:]{1,2}\\s{0,4}[(!~+-]{0,4}(?:${SINKS})\\b\\s{0,4}[)]?[(\`.]`,
      ),
      /["'`][)\]}]{0,4};\s{0,4}(?:if|for|while|var|let|const|throw|return|do|try|with|void|document|window|location|this|self|top|\[\])\s{0,4}[({.=['"`\w]/,
    ],
    paranoia: 2,
  }),
  rule(
    "xss-spaced",
    "xss",
    "spells an element's name with spaces, or with the halves that seven-bit readers fold to brackets",
    {
      needs: "<?",
      patterns: [/<\s?[a-z](?:\s[a-z]){3,12}\b|<\s{1,4}\w{1,8}\s?:\s?(?:script|vmlframe)\b|<:?\w{0,4}:?vmlframe\b/],
      paranoia: 2,
    },
  ),
  rule("xss-seven-bit", "xss", "writes brackets with the eighth bit set, which seven-bit readers drop", {
    patterns: [/\u00bc\/?[a-z]\w{0,12}[\u00c2\u00d0]?(?:\u00be|\s[^\u00be]{1,40}\u00be)/],
    paranoia: 2,
  }),
  rule("xss-import", "xss", "imports a style sheet or binds behaviour", {
    needs: "@:(",
    patterns: [
      /:\s{0,4}url\s?\(\s?["']?\s?(?:javascript|vbscript)|@\\?i\\?m\\?port\s{0,4}(?:["'(]|url)|-moz-binding\s{0,4}:|\bbehaviou?r\s{0,4}:\s{0,4}(?:expression|url)|\bexpression\(\s{0,4}(?:\w|\()|:\s{0,4}(?:e|\\65)x(?:\/\*.{0,20}?\*\/)?p(?:\/\*.{0,20}?\*\/)?ression\s?\(/,
    ],
  }),
  rule("xss-obfuscated", "xss", "is script written without letters", {
    needs: "[",
    patterns: [
      /(?:[[\]()!+]{2,12}\s?){8}|(?:\+?\(?!\[\]\+(?:\[\]|\(\)|""|''))|\$\s?=\s?~\s?\[\]|\[\]\s?\[\s?(?:\(|["'`!])|\(\s?\{\s?\}\s?\+\s?(?:\[\]|""|'')/,
      /!!\[\]\s?(?:$|[+\-\])])|\(!\[\][+ ]\[\]\)/,
    ],
  }),
  rule("xss-template", "xss", "gives markup bindings that a script framework executes", {
    needs: "=[",
    patterns: [
      /\b(?:ng-(?:app|init|click|focus|bind-html|csp|include|mouseover|on-\w{1,16})|v-(?:html|if|on:\w{1,16}|bind:\w{1,16})|x-(?:data|init|on:\w{1,16}|html))\]?\s?=\s?["'`]?[^\s"'`]{0,40}[(.{[]|data-bind\s?=\s?["'][^"']{0,40}(?:alert|eval|constructor)/,
    ],
  }),
  rule("xss-comment", "xss", "holds a conditional comment or a directive that runs code", {
    needs: "<",
    patterns: [
      /<!--?\s?\[if\b|<\??import\s{0,4}implementation\s?=|<\?(?:import|xml-stylesheet)\b|<!\[cdata\[.{0,80}(?:script|<\]\]>)|<!(?:entity|attlist|notation)\b.{0,40}(?:javascript|script)|<!<?script|&\{.{1,40}\};?/,
    ],
  }),
];
