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
  "code-php-variable": { match: ["$_GET[x]", "$a = 'b'"], pass: ["$5 = cheap", "US$ 4"] },
  "code-php-setting": { match: ["allow_url_include=1"], pass: ["include=1"] },
  "code-node": {
    match: ["require('child_process')", "process.env", "while(1);"],
    pass: ["we require (some) help", "the process", "exit code was 0; return true to form"],
  },
  "code-java": {
    match: ["java.lang.Runtime", "getRuntime().exec", "class.module.classLoader"],
    pass: ["java lang courses", "java.lang.NullPointerException", "runtime: 5 min"],
  },
  "code-java-gadget": { match: ["InvokerTransformer", "SW52b2tlclRyYW5zZm9ybWVy"], pass: ["transformer", "invoker"] },
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
