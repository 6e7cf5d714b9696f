// Examples of the rules about scripts in markup.
import { type Examples, query } from "./example.ts";

export const XSS_EXAMPLES: Examples = {
  "xss-element": {
    match: ["<script>x</script>", "<iFrAmE src=x>", "<object data=x>", query("%253Cscript%253Ex")],
    pass: ["<b>script</b>", "<table>", "a < script"],
  },
  "xss-handler": { match: ["<img src=x onerror=y>", "<x/onclick=y>"], pass: ["<p class=on>", "<b>one=1</b>"] },
  "xss-address": {
    match: ["<a href=javascript:x>", "<a href='jav&#x09;ascript:x'>", "<form action=data:text/html,x>"],
    pass: ['<a href="https://a.example/javascript:x">', '<img src="data:image/png;base64,AA">'],
  },
  "xss-style": { match: ["<p style='x:expression(y)'>"], pass: ["<p style='color:red'>"] },
  "xss-fetch": { match: ["<link rel=x href=y>", "<style>x"], pass: ["<p>style"] },
  "xss-odd-element": { match: ["<svg>", "<math>"], pass: ["<p>"] },
  "xss-break-out": { match: ['" onfocus=alert(1) x="', "' onmouseover='x()"], pass: ["online=1 once=2", '"a" on="b"'] },
  "xss-scheme": {
    match: ["javascript:alert(1)", "java\tscript:x()", "data:text/html,x"],
    pass: ["JavaScript: basics of the language", "data: url", "javascript: the good parts"],
  },
  "xss-call": {
    match: ["alert(1)", "(prompt)(1)", "eval('x')", "x['constructor']('y')"],
    pass: ["alert (the) staff", "prompt(s)", "to confirm (or not)"],
  },
  "xss-document": {
    match: ["document.cookie", "window.location='x'", "x.innerHTML='y'"],
    pass: ["document the cookie", "window location"],
  },
  "xss-script-end": { match: ["'-alert(1)-'", "'];throw 'x"], pass: ["'90s - alert", "it's; the end"] },
  "xss-spaced": { match: ["<s c r i p t", "<v:vmlframe src="], pass: ["a < b c d", "<b> c d e"] },
  "xss-seven-bit": {
    match: ["\u00bcscript\u00bex", "\\xbcimg onerror\\xbe"],
    pass: ["\u00bc cup and \u00be cup", "\u00bcl"],
  },
  "xss-import": { match: ["@import 'x.css'", "x:expression(y)"], pass: ["@important", "an expression (of joy)"] },
  "xss-obfuscated": { match: ["[][(![]+[])[+[]]]", "(!![]+[])[+[]]"], pass: ["[1, 2, 3]", "[ ] todo"] },
  "xss-template": { match: ["<p ng-init=x()>"], pass: ["ng-app", "v-html"] },
  "xss-comment": { match: ["<!--[if gte IE 4]>", "<?import x"], pass: ["<!-- note -->"] },
};
