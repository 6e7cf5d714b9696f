// What a field's name gives away together with its value: operators as keys, methods as parameters, file names.
import type { Field } from "../surface.ts";

const PROGRAM =
  /\.\s?(?:php\d{0,3}|phtml|phar|phps|phpt?\d{0,3}|pht|phtm|jspx?|jspf|aspx?|ashx|asmx|cer|asa|cfm|cgi|htaccess|shtml?|war)[\s.;:%\0]{0,32}(?:\.(?:jpe?g|png|gif|pdf|txt|bak)|::\$data)?$/i;
/** parameters by which old applications say where their own code lies */
const INCLUDING =
  /^(?:_?conf(?:ig)?\[|globals\[|mosconfig_|_(?:server|env|request)\[)|(?:_path|_root|_dir|include|inc_file|root_path|basepath|absolute_path)\]?$/i;
/** files that servers read settings, keys or sessions from */
const SECRET_UPLOAD =
  /(?:^|[/\\])(?:sess_[\w,-]{16,}|\.(?:htaccess|htpasswd|user\.ini|env|boto|npmrc|netrc|pgpass|gitconfig|git-credentials|ssh|aws|kube|docker\w{0,8}|bash\w{1,8}|profile)(?:[/\\.]|$)|wp-config[\w.-]{0,24}|web\.config|authorized_keys|id_(?:rsa|dsa|ecdsa|ed25519)|crontab|sshd_config|passwd|shadow)$/i;
/** Django's and others' names that look through relations, at what nobody may ask for or through very many */
const LOOKUP =
  /(?:^|__)(?:password|passwd|secret|token|api_?key|is_(?:superuser|staff|admin))__\w{2,24}$|^(?:[a-z]{1,24}(?:_[a-z]{1,16}){0,3}__){4,8}[a-z]{1,24}$/i;
const ACCOUNT = /\b(?:user(?:name)?|login|e?mail|pass(?:word|wd)?|pwd|token|secret|pin|otp|auth|account|admin)\b/i;

export function nameRules(field: Field): string[] {
  const { name, value, kind } = field;
  const rules: string[] = [];
  if (kind === "json" && name.startsWith("$")) {
    if (/^\$(?:where|function|accumulator)$/i.test(name)) rules.push("nosql-key");
    const parent = field.place.split(".").at(-2) ?? "";
    const empty = value === "" || value === "null" || /^\^?\.[*+]\$?$/.test(value);
    if (/^\$(?:ne|gte?|lte?|nin|regex|exists|not|in|or)$/i.test(name) && (empty || ACCOUNT.test(parent)))
      rules.push("nosql-operator");
    // these take lists and documents: a text there is an attempt
    if (/^\$(?:not|nor|and|or|elemmatch|text|expr|jsonschema)$/i.test(name) && value !== "" && value !== "{}")
      rules.push("nosql-operator");
  }
  const isFileName =
    kind === "multipart" ? name === "filename" : kind === "header" && /^x[-_.]?file[-_]?name$/i.test(name);
  if (isFileName && PROGRAM.test(value)) rules.push("path-upload");
  if (isFileName && SECRET_UPLOAD.test(value)) rules.push("path-upload-secret");
  if (isFileName && /(?:^|[/\\])\.\.[/\\]/.test(value)) rules.push("path-upload-parent");
  if (name !== "" && field.place.includes(".constructor.prototype")) rules.push("prototype-pollution");
  if (name.includes("__") && LOOKUP.test(name)) rules.push("orm-lookup");
  if (name === "_charset_" && !/^(?:utf-?8|iso-8859-\d{1,2}|windows-125\d|us-ascii)$/i.test(value))
    rules.push("protocol-content-type");
  if (INCLUDING.test(name) && /^(?:https?|ftps?):\/\//i.test(value)) rules.push("include-remote");
  if (name === "_method" && (kind === "query" || (kind === "form" && !/^(?:get|post)$/i.test(value))))
    rules.push("protocol-override");
  if (/[\r\n]|%0[ad]/i.test(name)) rules.push("header-split-name");
  // PHP drops what stands behind a bracket, filters compare it
  if ((kind === "query" || kind === "form") && name.includes("]") && /\][a-z0-9]/i.test(name))
    rules.push("protocol-name-behind");
  if ((kind === "query" || kind === "form") && /%(?:0[0-9a-d]|20|22|3[ce]|5c|60)|[\s"'`<>\\]/i.test(name))
    rules.push("protocol-name-odd");
  return rules;
}
