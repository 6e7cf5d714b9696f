// Examples of the rules about code of servers' languages.
import type { Examples } from "./example.ts";

export const CODE_EXAMPLES: Examples = {
  "code-php-tag": {
    match: [
      "<?php echo 4;",
      "<?= 4 ?>",
      { value: "GIF89a<?php system($x);", kind: "multipart", name: "f", file: true },
    ],
    pass: ["<?xml version='1.0'?>", "what?>"],
  },
  "code-php-call": {
    match: ["system('ls')", "phpinfo()", "$f('x')", "('sys'.'tem')('x')"],
    pass: ["our system() of values", "f(x) is fine", "strains (deformations)"],
  },
  "code-php-variable": {
    match: ["$_GET[x]", "$a = 'b'", "$  {'x'}", "$f /*x*/ [4](5)"],
    pass: ["$5 = cheap", "US$ 4", `\${e.g. this}`, "$f(a) and $g(b)", "$$f(x)=1$$", "$ {n} $"],
  },
  "code-php-callable": {
    match: ["(sys.(t).em)('x')", "(['exec'])[0]('x')", "exec /* x */ (y)"],
    pass: ["exec (summary) attached", "(a.b).c", "file (1)", "chroot(2)"],
  },
  "code-php-setting": { match: ["allow_url_include=1"], pass: ["include=1"] },
  "code-node": {
    match: ["process[mainModule", "require('child_process')", "process.env", "while(1);"],
    pass: ["we require (some) help", "the process", "exit code was 0; return true to form"],
  },
  "code-java": {
    match: ["java.lang.Runtime", "getRuntime().exec", "class.module.classLoader"],
    pass: ["java lang courses", "java.lang.NullPointerException", "runtime: 5 min"],
  },
  "code-java-gadget": { match: ["InvokerTransformer", "SW52b2tlclRyYW5zZm9ybWVy"], pass: ["transformer", "invoker"] },
  "code-java-encoded": {
    match: ["UnVudGltZQ==", "x=AAAGSW52b2tlclRyYW5zZm9ybWVyAA"],
    pass: ["eyJydW50aW1lIjoibm9kZSJ9", "runtime"],
  },
  "code-web-shell": {
    match: ["<title>x web shell</title>", "<h1>c99shell v4</h1>"],
    pass: [
      "<title>Shell scripting</title>",
      "<h1>Sea shells</h1>",
      "<title>WSO2 Server</title>",
      "<h1>C99 vs C11</h1>",
    ],
  },
  "code-python": {
    match: ["__import__('os').popen('id')", "''.__class__", "os.system('x')"],
    pass: ["python import os", "__init"],
  },
  "code-ruby-perl": { match: ["Kernel.exec('x')", "IO.popen('x')", "%x(id)"], pass: ["file.txt", "100%x"] },
  "code-asp": {
    match: ["Response.Write(4)", "WScript.Shell", "System.Diagnostics.Process"],
    pass: ["the response was", "system.out"],
  },
  "code-jsp": { match: ["<%= 4 %>", "<jsp:include"], pass: ["5 <% 6", "<b>"] },
};
