// Heads of real clients: browsers, tools, SDKs, crawlers, with the headers and cookies that each sends.
import type { Choices } from "./random.ts";
import { WEB_COOKIES } from "./web.ts";

const BROWSERS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
  "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.72 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/470.0.0.50.98;]",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.68",
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
  "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; WOW64; Trident/4.0; SLCC2; .NET CLR 2.0.50727; InfoPath.3; .NET4.0C; id-ID)",
  "Mozilla/5.0 (Linux; U; Android 4.1.1; zh-cn; MI 2S Build/JRO03L) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30 MicroMessenger/5.0.1.352",
];
const TOOLS = [
  "curl/8.5.0",
  "Wget/1.21.4",
  "python-requests/2.32.3",
  "PostmanRuntime/7.39.0",
  "okhttp/4.12.0",
  "Go-http-client/2.0",
  "axios/1.7.2",
  "node",
  "Java/17.0.11",
  "Apache-HttpClient/4.5.14 (Java/17.0.11)",
  "OpenAI/Python 1.35.3",
  "OpenAI/JS 4.52.0",
  "openai-node/4.52.0",
  "AsyncOpenAI/Python 1.35.3",
  "langchain/0.2.5",
  "aws-sdk-go/1.54.6 (go1.22.4; linux; amd64)",
  "Dart/3.4 (dart:io)",
  "Ruby",
  "Faraday v2.9.1",
  "GuzzleHttp/7",
  "Symfony HttpClient/Curl",
  "kube-probe/1.30",
  "Prometheus/2.52.0",
  "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
  "Datadog/Synthetics",
  "Mozilla/5.0 (Windows NT; Windows NT 10.0; de-DE) WindowsPowerShell/5.1.19041.4522",
  "insomnia/9.3.1",
  "Elastic/8.14 (Linux x86_64; en-US)",
  "got (https://github.com/sindresorhus/got)",
  "MyApp/2.3.1 (com.example.app; build:42; iOS 17.5.1) Alamofire/5.9.1",
];

export function browserHead(c: Choices, host: string): string[] {
  const lines = [
    `Host: ${host}`,
    "Connection: keep-alive",
    `User-Agent: ${c.of(BROWSERS)}`,
    `Accept: ${c.of(["text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", "*/*", "application/json, text/plain, */*", "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"])}`,
    `Accept-Language: ${c.of(["en-US,en;q=0.9", "de-DE,de;q=0.9,en;q=0.8", "fr-FR,fr;q=0.8,en-US;q=0.5,en;q=0.3", "zh-CN,zh;q=0.9", "es-419,es;q=0.9", "id,en;q=0.7"])}`,
    "Accept-Encoding: gzip, deflate, br, zstd",
  ];
  if (c.chance(0.6)) {
    lines.push(
      'sec-ch-ua: "Not/A)Brand";v="8", "Chromium";v="126", "Google Chrome";v="126"',
      "sec-ch-ua-mobile: ?0",
      `sec-ch-ua-platform: ${c.of(['"Windows"', '"macOS"', '"Linux"', '"Android"'])}`,
    );
    lines.push(
      `Sec-Fetch-Site: ${c.of(["same-origin", "cross-site", "none"])}`,
      `Sec-Fetch-Mode: ${c.of(["cors", "navigate", "no-cors"])}`,
      "Sec-Fetch-Dest: empty",
    );
  }
  if (c.chance(0.3)) lines.push("Upgrade-Insecure-Requests: 1");
  if (c.chance(0.5)) lines.push(`Referer: ${referer(c, host)}`);
  if (c.chance(0.3)) lines.push(`Origin: https://${host}`);
  if (c.chance(0.6)) lines.push(`Cookie: ${cookies(c)}`);
  if (c.chance(0.1)) lines.push(`If-None-Match: W/"${c.hex(12)}-${c.hex(4)}"`);
  if (c.chance(0.1)) lines.push("If-Modified-Since: Wed, 12 Jun 2024 10:11:12 GMT");
  if (c.chance(0.1)) lines.push(`Cache-Control: ${c.of(["no-cache", "max-age=0", "no-cache, no-store"])}`);
  return lines;
}

export function toolHead(c: Choices, host: string): string[] {
  const lines = [
    `Host: ${host}`,
    `User-Agent: ${c.of(TOOLS)}`,
    `Accept: ${c.of(["*/*", "application/json", "application/json, text/event-stream"])}`,
  ];
  if (c.chance(0.7))
    lines.push(`Authorization: Bearer ${c.of(["sk-", "ey"])}${c.base64Url(60)}.${c.base64Url(80)}.${c.base64Url(48)}`);
  if (c.chance(0.2))
    lines.push(`Authorization: Basic ${c.base64(24)}`.replace("Authorization", "X-Upstream-Authorization"));
  if (c.chance(0.4)) lines.push("Accept-Encoding: gzip, deflate, br");
  if (c.chance(0.4))
    lines.push(
      "X-Stainless-Lang: python",
      "X-Stainless-Package-Version: 1.35.3",
      "X-Stainless-OS: Linux",
      "X-Stainless-Arch: x64",
      "X-Stainless-Runtime: CPython",
      "X-Stainless-Runtime-Version: 3.12.3",
      "X-Stainless-Async: false",
      "x-stainless-retry-count: 0",
      "x-stainless-read-timeout: 600",
    );
  if (c.chance(0.3)) lines.push(`X-Request-Id: ${c.uuid()}`);
  if (c.chance(0.3))
    lines.push(`traceparent: 00-${c.hex(32)}-${c.hex(16)}-01`, `tracestate: dd=s:1;o:rum;t.dm:-1,vendor=${c.hex(8)}`);
  if (c.chance(0.2))
    lines.push(`X-Forwarded-For: 203.0.113.${c.int(255)}, 198.51.100.${c.int(255)}`, "X-Forwarded-Proto: https");
  if (c.chance(0.1)) lines.push(`Idempotency-Key: ${c.uuid()}`);
  if (c.chance(0.1)) lines.push(`X-Hub-Signature-256: sha256=${c.hex(64)}`);
  if (c.chance(0.1)) lines.push(`Stripe-Signature: t=1719400000,v1=${c.hex(64)},v0=${c.hex(64)}`);
  if (c.chance(0.1))
    lines.push(`baggage: sentry-trace_id=${c.hex(32)},sentry-environment=prod,sentry-release=app%401.2.3`);
  if (c.chance(0.05))
    lines.push(
      `Digest: SHA-256=${c.base64(32)}`,
      `Signature-Input: sig1=("@method" "@path" "content-digest");created=1719400000;keyid="k1";alg="ed25519"`,
      `Signature: sig1=:${c.base64(64)}:`,
    );
  return lines;
}

function referer(c: Choices, host: string): string {
  return c.of([
    `https://${host}/`,
    `https://${host}/products/red-shoes?color=red&size=8`,
    "https://www.google.com/",
    "https://www.google.com/search?q=select+a+plan%3B+drop+off&oq=select+a+plan&gs_lcrp=EgZjaHJvbWUyBggAEEUYOdIBCDM0NTZqMGo3qAIAsAIA&sourceid=chrome&ie=UTF-8",
    "https://www.bing.com/search?q=o%27reilly+books&form=QBLH&sp=-1&lq=0&pq=o%27reilly+books&sc=10-14&qs=n&sk=&cvid=1F2E3D",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc&h=AT0abc",
    "android-app://com.google.android.gm/",
    "https://t.co/AbC123",
    `https://${host}/login?next=%2Faccount%2Forders%3Fpage%3D2`,
    `http://localhost:3000/callback?code=${c.hex(20)}`,
  ]);
}

const COOKIES: readonly ((c: Choices) => string)[] = [
  (c) => `_ga=GA1.2.${c.int(1e9)}.${1.7e9 + c.int(1e7)}`,
  (c) => `_gid=GA1.2.${c.int(1e9)}.${1.7e9 + c.int(1e7)}`,
  (c) => `_ga_${c.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", 10)}=GS1.1.${1.7e9 + c.int(1e7)}.3.1.1719400000.60.0.0`,
  (c) => `_gcl_au=1.1.${c.int(1e9)}.1719400000`,
  () => `__utmz=111461200.1313.1.1.utmcsr=google|utmccn=(organic)|utmcmd=organic|utmctr=(not%20provided)`,
  (c) => `_fbp=fb.1.${1.7e12 + c.int(1e9)}.${c.int(1e9)}`,
  (c) => `session=${c.base64Url(24)}.${c.base64Url(6)}.${c.base64Url(20)}`,
  (c) => `connect.sid=s%3A${c.base64Url(24)}.${encodeURIComponent(c.base64(32))}`,
  (c) => `JSESSIONID=${c.hex(32).toUpperCase()}.node1`,
  (c) => `PHPSESSID=${c.text("abcdefghijklmnopqrstuv0123456789", 26)}`,
  (c) =>
    `XSRF-TOKEN=${encodeURIComponent(Buffer.from(`{"iv":"${c.base64(16)}","value":"${c.base64(48)}","mac":"${c.hex(64)}","tag":""}`).toString("base64"))}`,
  (c) => `csrftoken=${c.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 32)}`,
  () =>
    `OptanonConsent=isGpcEnabled=0&datestamp=Wed+Jun+26+2024+12%3A00%3A00+GMT%2B0200+(Central+European+Summer+Time)&version=202405.1.0&browserGpcFlag=0&isIABGlobal=false&hosts=&consentId=1f2e3d4c&interactionCount=1&landingPath=NotLandingPage&groups=C0001%3A1%2CC0002%3A0&AwaitingReconsent=false`,
  () =>
    `CookieConsent={stamp:%27abc123==%27%2Cnecessary:true%2Cpreferences:false%2Cstatistics:false%2Cmarketing:false%2Cmethod:%27explicit%27%2Cver:1%2Cutc:1719400000000%2Cregion:%27de%27}`,
  () => `cart=%7B%22items%22%3A%5B%7B%22id%22%3A5%2C%22qty%22%3A1%7D%5D%2C%22total%22%3A12.5%7D`,
  (c) => `ajs_anonymous_id=%22${c.uuid()}%22`,
  () => `theme=dark`,
  () => `tz=Europe%2FBerlin`,
  (c) =>
    `_hjSessionUser_12345=${Buffer.from(`{"id":"${c.uuid()}","created":1719400000000,"existing":true}`).toString("base64")}`,
  (c) =>
    `mp_${c.hex(32)}_mixpanel=%7B%22distinct_id%22%3A%20%22${c.uuid()}%22%2C%22%24device_id%22%3A%20%22${c.uuid()}%22%2C%22%24initial_referrer%22%3A%20%22%24direct%22%7D`,
  (c) =>
    `token=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${Buffer.from(`{"sub":"${c.int(1e6)}","name":"Seán O'Brien","iat":1719400000}`).toString("base64url")}.${c.base64Url(32)}`,
  () => `lang=de-DE|de;q=0.9`,
  (c) => `visit=1719400000|${c.hex(8)}|/a/b?c=d`,
];

function cookies(c: Choices): string {
  return Array.from({ length: 1 + c.int(7) }, () => c.of(c.chance(0.6) ? COOKIES : WEB_COOKIES)(c)).join("; ");
}
