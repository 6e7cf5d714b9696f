// Operating system commands, Unix and Windows.
import { type Rule, rule } from "../rule.ts";

export const SHELL_RULES: readonly Rule[] = [
  rule("shell-command", "shell", "runs a command after a separator or in a substitution"),
  rule("shell-command-likely", "shell", "names a command after a separator", { paranoia: 2 }),
  rule("shell-quoted", "shell", "quotes a command in backticks inside a sentence", {
    severity: "warning",
    paranoia: 3,
  }),
  rule("shell-alone", "shell", "is a command line", { paranoia: 2 }),
  rule("shell-bare", "shell", "is the name of a command that reveals the system", { paranoia: 3 }),
  rule("shell-disguised", "shell", "hides a command's name with quotes, backslashes or empty expansions"),
  rule("shell-wildcard", "shell", "spells the path of a program with wildcards"),
  rule("shell-shock", "shell", "defines a function for a shell to import from its environment", {
    needs: "(",
    patterns: [
      /^\s{0,8}(?:[\w-]{1,32}=)?\(\s{0,4}\)\s{0,4}\{\s{0,4}(?::|_|\w|;|$)|\(\s{0,4}\)\s{0,4}\{\s{0,4}[:_]{1,2}\s?[;}]/,
    ],
    kinds: ["header", "query", "cookie", "form", "path"],
  }),
  rule("shell-expansion", "shell", "uses an expansion that only shells know", {
    needs: "$",
    patterns: [
      /\$\{?ifs\b|\$\{\s{0,2}(?:path|home|pwd|shell|user|oldpwd|bash\w{0,20}|hostname)(?::\d|[}#%])|\$\(\(\s{0,4}(?:\d{1,12}\s{0,4}[-+*/%)]|\$\()|\$\[\s{0,2}\d|\$\{\w{1,12}[#%]{1,2}[^}]{0,12}\}|\$\{?shell\}?\s{1,4}-/,
      /\$\((?:<|echo|printf|tr|cat|id|ls|wget|curl|whoami|sleep|nslookup|ping|base64|rev|uname|hostname|env|sh|bash)\b|\$'\\[x0-7u]|\$\{[!@*#]?\w{0,12}(?:\/\/|@[a-z]\b|:-|,,|\^\^)[^}]{0,40}\}\s?\S/,
    ],
  }),
  rule("shell-device", "shell", "opens a network connection through a shell's device files", {
    needs: "/",
    patterns: [/\/dev\/(?:tcp|udp)\/|\bmkfifo\s|\bnc(?:at)?(?:\.\w{1,8})?\s{1,4}-\w{0,6}e\b|\bexec\s{1,4}\d{1,3}<>/],
  }),
  rule("shell-interpreter", "shell", "starts a shell or an interpreter with code", {
    needs: "-/\\+",
    patterns: [
      /\b(?:ba|z|k|c|da|tc|a)?sh\s{1,4}-[a-z]{0,3}[ci]\b|\b(?:python[\d.]{0,4}|perl|ruby|lua|php\d?|node)\s{1,4}-(?:e|c|r|ne|pe)\b|\/bin\/(?:ba|z|k|c|da|tc|a|rba)?sh\b/,
      /\bcmd(?:\.exe)?\s{0,4}["']?\s{0,4}\/[ckvq]\b|\b(?:powershell|pwsh)(?:\.exe)?\s{1,4}-\w|%comspec%|\b(?:iex|invoke-expression)\b[\s(]{1,6}(?:\(|-command|iwr|irm|new-object|invoke-|\$)|\(\s{0,4}(?:iwr|irm|invoke-webrequest)\s{1,4}\S|\bpowershell\s{1,4}\(|\bforfiles\s{1,4}\/|\bwmic\s{1,4}\w+\s|\breg(?:\.exe)?\s{1,4}(?:query|add|delete)\s/,
      /\bcertutil(?:\.exe)?\s{1,4}[-/]|\bbitsadmin\s{1,4}\/|\bset\s{1,4}\/[ap]\s|\bfor\s{1,4}\/[flrd]\s|\b(?:net|net1)\s{1,4}(?:user|localgroup|share|view|start|use)\b\s{0,4}(?:$|[/\\]|\w)/,
    ],
  }),
  rule("shell-batch", "shell", "is a line of a Windows batch file", {
    patterns: [
      /\bfor\s{1,24}%{1,2}\S{1,12}\s{1,8}in\s{0,8}\(|\bif\s{1,16}(?:not\s{1,8}|\/i\s{1,8}){0,2}(?:(?:exist|defined|errorlevel|cmdextversion)\s{1,8}\S|%\w{1,20}%|\[?["']?%\d|"[^"\n]{0,40}"\s?==|\S{1,24}\s{0,16}(?:===?|\b(?:geq|leq|neq|lss|gtr|equ)\b)\s{0,16}\S)|\bif\s{0,16}\/i\s{1,16}\S|\bbcd(?:boot|edit)\s{0,4}\/\w|\bif\s{1,16}\(?\S{1,24}\s{1,16}(?:geq|leq|neq|lss|gtr|equ)\s/,
    ],
  }),
  rule("shell-shock-body", "shell", "defines an empty function for a shell to import", {
    needs: "(",
    patterns: [/\(\s{0,4}\)\s{0,4}\{\s{0,4}[:_]{1,2}\s{0,4};\s{0,4}\}/],
    kinds: ["json", "multipart", "xml", "text"],
  }),
  rule("shell-tilde", "shell", "is a shell's word for the folder it came from", {
    needs: "~",
    patterns: [/^~[-+]\d{0,3}(?:\/|\s|$)/],
    paranoia: 2,
  }),
  rule("shell-letters", "shell", "builds a command of variables that hold single letters", {
    needs: "$",
    patterns: [/(?:\$[a-z_]\w{0,8}){4}|(?:\b\w{1,8}=\S{1,4};){3}[^$]{0,200}\$\w/],
    paranoia: 2,
  }),
  rule("shell-recall", "shell", "joins several commands of a shell's history", {
    needs: "!",
    patterns: [/^(?:!-?\d{1,4}){2,8}(?:\s|$)/],
    paranoia: 2,
  }),
  rule("shell-empty", "shell", "puts a variable that is empty before a command", {
    needs: "$",
    patterns: [
      /(?:^|[;|&])\s{0,4}\$\{?[a-z_]\w{0,16}\}?\s{1,4}(?:cat|ls|id|wget|curl|(?:ba)?sh|nc|rm|cp|python\d?|perl|echo|ping|uname|whoami)\s/,
    ],
    paranoia: 2,
  }),
  rule("shell-client", "shell", "is a command of a database's own shell", {
    needs: ";",
    patterns: [
      /;\s{0,4}\.\s?["'\\]{0,2}(?:shell|system|sh|databases|tables|import|once|output|load|read|dump|schema|open|save|backup|log|excel)\b/,
    ],
  }),
  rule("shell-redirect", "shell", "redirects a command's output or feeds another", {
    needs: "|>&",
    patterns: [
      /\d>&\d|(?:^|[\s\d])&>\s{0,2}[/\w]|>\s{0,4}\/(?:dev|tmp|etc|var)\/|\|\s{0,4}(?:ba|z|k|da)?sh\b(?:\s|$|[;|&)-])|\|\s{0,4}(?:tee|xargs|base64)\s|<<<\s?\S|>\s{0,2}[\w./-]{1,40}\.(?:php\d?|jsp|sh|aspx?)\b/,
    ],
  }),
  rule("shell-bomb", "shell", "defines a function that starts itself without end", {
    needs: "{",
    patterns: [
      /(?:^|[\s;&|])([\w:.]{1,16})\s{0,4}\(\s{0,2}\)\s{0,4}\{[^}]{0,64}\1\s{0,4}(?:\(\s?\)\s{0,4})?[|&][^}]{0,64}\}/,
    ],
  }),
  rule("shell-option", "shell", "smuggles an option that runs a program", {
    needs: "-+",
    patterns: [
      /--(?:exec|use-compress-program|checkpoint-action|upload-pack|receive-pack|open-files-in-pager|rsh|eval|post-file)\s{0,2}=|\b(?:vim?|nvim|rvim|ex|view)\s.{0,40}\s\+\S{0,24}.{0,12}!\w|\s-wrapper\s{1,4}\w{1,12},|(?:^|\s)-o(?:proxycommand|permitlocalcommand)\s{0,2}=|\bfind\s{1,4}\S{1,64}\s.{0,64}-(?:exec|delete|fprintf)\b/,
    ],
  }),
  rule("shell-assignment", "shell", "sets a shell variable and expands it", {
    needs: "$",
    patterns: [/(?:^|[;&|\s=])(\w{1,16})=[^;&|\s]{1,40}\s{0,4}[;&|\s]\s{0,4}[^$]{0,40}\$\{?\1\b/],
  }),
  rule("shell-history", "shell", "recalls a command from the shell's history", {
    needs: "!",
    patterns: [/^!(?:[-\d]\d{0,6}|![:^$*]?)(?:\s|$|:|!)/],
    paranoia: 3,
  }),
  rule("shell-alias", "shell", "defines an alias or a trap for a shell", {
    needs: "=",
    patterns: [
      /\balias\s{1,4}(?:[-+]\w{1,4}\s{1,4}){0,2}["']?[\w.-]{1,20}["']?=|\balias\s{1,4}\+?[a-z]{0,2}\+?\s{1,4}\w{1,8}=|\benv\s{1,4}-i\b|\btrap\s{1,4}['"]/,
    ],
    paranoia: 2,
  }),
];
