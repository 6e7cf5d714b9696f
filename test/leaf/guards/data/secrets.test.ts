// Secrets among what looks like them: what people paste all day must pass, what would cost them must not.
import { describe, expect, it } from "vitest";
import { crc32Base62 } from "../../../../guards/data/checks/crc32.ts";
import { compileDetector, ruleOf } from "../../../../guards/data/index.ts";
import { chance } from "./support.ts";

const detector = compileDetector({ categories: ["secret"] });
const random = chance(7);
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const drawn = (length: number, from = ALPHABET) =>
  Array.from({ length }, () => from.charAt(Math.floor(random() * from.length))).join("");
const found = (text: string) => detector.find(text).map(({ rule, start, end }) => [rule, text.slice(start, end)]);

const accessKey = `AK${"IA"}${drawn(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}`;
const secretKey = drawn(40, `${ALPHABET}+/`);
const pem = (label: string) => {
  const lines = Array.from({ length: 24 }, () => drawn(64, `${ALPHABET}+/`)).join("\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----`;
};

describe("what documentation, lock files and code hold passes", () => {
  it.each([
    ["the documented AWS example key", `aws_access_key_id = AKIA${"IOSFODNN7"}EXAMPLE`],
    ["its secret", `aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/${"bPxRfiCY"}EXAMPLEKEY`],
    ["an elided key", 'client = OpenAI(api_key="sk-...")'],
    ["a placeholder", 'api_key = "YOUR_API_KEY"'],
    ["a placeholder in brackets", "token: <your-token>"],
    ["crosses", 'API_KEY="xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"'],
    ["a shell variable", "curl -H 'Authorization: Bearer $API_TOKEN' https://api.example.org"],
    ["a template's variable", `password: $${"{{"} secrets.DB_PASSWORD }}`],
    ["a look-up in the environment", 'const token = process.env.GITHUB_TOKEN ?? "";'],
    ["a look-up in Python", 'password = os.environ["DB_PASSWORD"]'],
    ["a lock file's integrity", `"integrity": "sha512-${drawn(40)}aWs${drawn(43)}=="`],
    ["a commit", `SRCREV = "${drawn(40, "0123456789abcdef")}"`],
    ["a checksum", `sha256:${drawn(64, "0123456789abcdef")}`],
    ["a UUID", 'credentialsId: "3b1f0c52-9d7e-4a86-b2c4-7e5d10a9f638"'],
    ["a secret's name", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db/password-AbCdEf"],
    ["a path to a secret", 'secret_path = "projects/p/secrets/db-password/versions/latest"'],
    ["a public key", pem("PUBLIC KEY")],
    ["a certificate", pem("CERTIFICATE")],
    ["a field's type", '"password": "string", "token": "string"'],
    ["a form's label", 'passwordLabel: "Password:", placeholder="Enter your password"'],
    ["a message", "If the password is invalid, the token is not refreshed and the key is kept."],
    ["a call", "const password = getPassword(user); token = await login(user, password);"],
    ["a count of tokens", "max_tokens: 4096, prompt_tokens: 1293, token_count = 77"],
    ["a public key by name", `public_key = "${drawn(43)}"`],
    ["the same word again", "login(user=user, password=password, token=token)"],
    ["a key that counts on", `secret_access_key = 'abcdefg12346+${"FJQCK"}'`],
    ["digits that count on in a key", `aws_secret_key: OOzkR1+hF+1ABCsIFDJMEUtqmtnZ${"1234567890"}`],
    ["a UUID with letters that it has none of", "deployKey=px-dep-d4c3b2a1-f6e5-h8g7-j1i8-p5o0n5m3l2k1"],
    ["letters and digits that count down by turns", 'api_key = "d4c3b2a1f6e5d4c3b2a1"'],
    ["the password of an anonymous user", 'server->user = "anonymous"; server->password = "busybox@";'],
    ["a word at a host of documentation", "postgresql://user:secret@[2001:db8::1234]/database"],
    ["the pair that documentation has in base64", `Authorization: Basic ${btoa("username:password")}`],
    ["a YAML tag", "password: !vault |"],
    ["what a form says in Spanish", "contraseña: mínimo 8 caracteres"],
    ["what a form says in Chinese", "密码: 请输入"],
    [
      "hexadecimal digits after a word for proceeding",
      `validation passed, proceed. "traceId":"${drawn(32, "0123456789abcdef")}"`,
    ],
  ])("%s", (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it("the JWT that documentation shows", () => {
    const part = (value: object) => btoa(JSON.stringify(value)).replaceAll("=", "");
    const head = part({ alg: "HS256", typ: "JWT" });
    const shown = `${head}.${part({ sub: "1234567890", name: "John Doe", iat: 1516239022 })}.${drawn(43)}`;
    expect(found(`token: ${shown}`)).toEqual([]);
    const real = `${head}.${part({ sub: "u-81", iat: 1716239022 })}.${drawn(43)}`;
    expect(found(`Authorization: Bearer ${real}`)).toEqual([["secret.jwt", real]]);
  });
});

describe("what would cost somebody is found, in its bounds", () => {
  it("an AWS key and its secret", () => {
    expect(found(`${accessKey} / ${secretKey}.`)).toEqual([
      ["secret.aws_access_key_id", accessKey],
      ["secret.aws_secret_access_key", secretKey],
    ]);
  });

  it("a private key, also as one line of JSON, also in source code", () => {
    const key = pem(`RSA ${"PRIVATE"} KEY`);
    expect(found(`key:\n${key}\n`)).toEqual([["secret.private_key", key]]);
    const escaped = JSON.stringify(key).slice(1, -1);
    expect(found(`{"private_key": "${escaped}"}`)).toEqual([["secret.private_key", escaped]]);
    const [match] = found(
      key
        .split("\n")
        .map((line) => `"${line}\\n" +`)
        .join("\n"),
    );
    expect(match?.[0]).toBe("secret.private_key");
  });

  it("a private key whose end is cut off", () => {
    const key = pem(`OPENSSH ${"PRIVATE"} KEY`).slice(0, 700);
    expect(found(key)).toEqual([["secret.private_key", key]]);
  });

  it("a GitHub token whose checksum is right, however little it looks like chance", () => {
    const body = "aabbccddeeffaabbccddeeffaabbcc";
    const token = `gh${"p_"}${body}${crc32Base62(body)}`;
    expect(found(`x ${token} y`)).toEqual([["secret.github_token", token]]);
  });

  it("a token behind an escaped line end or within a link", () => {
    const token = `gh${"o_"}${drawn(36)}`;
    expect(found(`{"text":"key:\\n${token}\\n"}`)).toEqual([["secret.github_token", token]]);
    expect(found(`https://x.org/?q=%20${token}`)).toEqual([["secret.github_token", token]]);
    expect(found(`git clone https://${token}@github.com/a/b.git`)).toEqual([["secret.github_token", token]]);
  });

  it.each([
    ["a password in a link", "postgres://app:", "s3cr3t-Pa55", "@db.internal:5432/app"],
    ["a password with an at sign", "mongodb+srv://svc:", "Zxc@12345", "@cluster0.example.net/x"],
    ["an assigned key", 'api_key = "', drawn(32), '"'],
    ["a key in YAML", "client_secret: ", drawn(40), "\n"],
    ["a key in JSON within JSON", '{\\"token\\":\\"', drawn(40), '\\"}'],
    ["a password in code", 'password = "', "hunter2!x", '"'],
    ["a password in an environment", "export DB_PASSWORD=", "Tr0ub4dor&3x", "\n"],
    ["a password in a sentence", "My password is ", "hunter22", " by the way"],
    ["a password in a connection string", "Server=db;User Id=app;Password=", "open", ";Database=x;"],
    ["a password in XML", "<password>", "c0rrect-Horse", "</password>"],
    ["a flag's value", "mytool --token ", drawn(24), " --verbose"],
    ["a header", "Authorization: Bearer ", drawn(32), "\r\n"],
    ["a very long header", "Authorization: Bearer ", "Ab1".repeat(200), " "],
    ["a user on a command line", "curl -u admin:", "c0mplic4ted", " https://x.org"],
  ])("%s", (_, before, value, after) => {
    const text = `${before}${value}${after}`;
    const ends = found(text).map(([, datum]) => datum);
    // an ampersand ends a bare value: what stands behind it is another parameter
    expect(ends).toEqual([value.split("&")[0]]);
  });

  it.each([
    ["in Spanish", "la contraseña es ", "hunter22x", " hoy"],
    ["in French", "mot de passe : ", "hunter22x", "\n"],
    ["in German", "Das Passwort lautet ", "hunter22x", " ok"],
    ["in Chinese", "密码：", "hunter22x", " 。"],
    ["in Korean", "비밀번호는 ", "hunter22x", " 입니다"],
    ["of four letters, in quotes", 'The default password for the user "x" is "', "pyne", '".'],
    ["for Rails", "secret_key_base: ", drawn(128, "0123456789abcdef"), "\n"],
    ["of a Terraform variable", 'variable "db_password" { default = "', "hunter22x!", '" }'],
    ["of PowerShell", 'ConvertTo-SecureString "', "hunter22x!", '" -AsPlainText'],
    ["in a link's query", "https://api.example.org/v1?access_token=", drawn(32), " "],
    ["of an Azure function", "https://a.azurewebsites.net/api/x?code=", `${drawn(50)}1-`, "=="],
    ["in a JSON Web Key", '{"kty":"EC","crv":"P-256","d":"', drawn(43), '"}'],
  ])("a secret %s", (_, before, value, after) => {
    const datum = after === "==" ? `${value}==` : value;
    expect(found(`${before}${value}${after}`).map(([, found]) => found)).toEqual([datum]);
  });

  it("a private key right beside a letter", () => {
    const key = pem(`EC ${"PRIVATE"} KEY`);
    for (const before of ["x", "7", "ü", "key"])
      expect(found(`${before}${key}`)).toEqual([["secret.private_key", key]]);
    expect(found(`${key}ü`)).toEqual([["secret.private_key", key]]);
  });

  it("a key in base64, broken into lines", () => {
    const lines =
      btoa(pem(`RSA ${"PRIVATE"} KEY`))
        .match(/.{1,76}/g)
        ?.join("\n") ?? "";
    const [match] = found(`key: |\n${lines}\n\nthanks`);
    expect(match?.[0]).toBe("secret.private_key_base64");
    expect(lines.length - (match?.[1]?.length ?? 0)).toBeLessThan(20);
  });

  it("a password in a link is told as one, also where a mail address seems to stand there", () => {
    const both = compileDetector();
    expect(both.find("see https://cafe:d3adb33f@gems.example-host.com/x").map(({ rule }) => rule)).toEqual([
      "secret.url_password",
    ]);
    expect(both.find("write to d3adb33f@gems.example-host.com").map(({ kind }) => kind)).toEqual(["email"]);
  });

  it("names the rule, and the rule has a reason", () => {
    for (const { rule } of detector.find(`${accessKey} api_key="${secretKey}"`))
      expect(ruleOf(rule)?.reason).toBeTruthy();
  });
});
