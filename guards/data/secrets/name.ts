// What a name says of the value that it is given to, read from its last words: `db_password` holds a password,
// `passwordLabel`, `token_count` and `secret_name` hold none, and a `public_key` is no secret.

export type NameClass = "password" | "secret" | "token" | "key";

const PASSWORDS = new Set(
  "password passwd pass pwd passphrase passcode passw userpass dbpass passwort contraseña".split(" "),
);
const SECRETS = new Set(
  "secret clientsecret appsecret secretkey apisecret credential credentials credentials creds".split(" "),
);
const TOKENS = new Set(
  "token authtoken accesstoken apitoken bearer auth authorization pat jwt authentication".split(" "),
);
const KEYS = new Set("key keys apikey accesskey authkey secretkey privatekey appkey".split(" "));
/** Parts of a name behind the one that matters. */
const SUFFIXES = new Set(
  "prod production dev development staging stage test live main default new old value string text plain raw base64 b64 env v1 v2 v3 id_secret hash base".split(
    " ",
  ),
);
const NO_SECRET =
  /\b(?:public|pub|primary|foreign|sort|partition|cache|bucket|row|object|index|unique|hot|shift|press|keyboard|csrf|xsrf|next|page|pagination|continuation|cursor|sync|max|min|num|total|count|input|output|prompt|completion|stop|eos|bos|pad|unk|mask|special|sep|cls|has|is|no|forgot|reset|change|confirm|show|hide|invalid|wrong|verify|validate|author|monkey|keyword|site|recaptcha|translation|i18n|map|dict|json|data|event|group|composite|registry|idempotency|dedup|routing|ssh_public|tokenizer|authenticity|verification|web)$/i;

/** undefined where the name is not one of a secret's. */
export function classOfName(name: string): NameClass | undefined {
  const words = wordsOf(name);
  if (/jsonwebtoken|tokenizer|keyring|passport/i.test(name)) return undefined;
  while (words.length > 1 && (SUFFIXES.has(words.at(-1) ?? "") || /^\d+$/.test(words.at(-1) ?? ""))) words.pop();
  const last = words.at(-1) ?? "";
  const before = words.slice(0, -1).join(" ");
  if (NO_SECRET.test(before)) return undefined;
  if (PASSWORDS.has(last) || /(?:password|passwd)$/.test(last)) return "password";
  if (SECRETS.has(last) || /secret$/.test(last)) return "secret";
  if (TOKENS.has(last) || /token$/.test(last)) return "token";
  if (KEYS.has(last) || /(?:api|access|auth|secret|private|encryption|license|account|service)key$/.test(last))
    return last === "key" && before === ""
      ? undefined
      : last === "key" &&
          !/api|access|secret|private|encrypt|sign|auth|master|licen[sc]e|account|service|storage|admin|app|deploy|webhook|session|insert|query|shared|consumer/.test(
            before,
          )
        ? "key"
        : "token";
  return undefined;
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
