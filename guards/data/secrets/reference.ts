// What stands where a secret would, but only says where it comes from: a variable, a template, a call, a path.

const REFERENCE =
  /^[$%<{[(]|^![A-Za-z]{2,16}$|\$\{|\{\{|%\w+%|<%|&lt;|\$\(|#\{|^(?:process\.env|os\.environ|os\.getenv|getenv|env|ENV|secrets|config|settings|self|this|params|options|args|request|req|data|props|state|input|var|local|module|system|arn|vault|ssm|file|https?|s3|gs|data|ref|refs|kms|op):?[.[(:/]|::|->|^\.{0,2}\//;

export function isReference(value: string): boolean {
  return REFERENCE.test(value.slice(0, 200));
}
