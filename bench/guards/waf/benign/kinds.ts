// Kinds of honest requests: pages, searches, sign-in, SDKs, APIs, forms, uploads, webhooks.
import { email, jsonBody, password, value } from "./bodies.ts";
import { browserHead, toolHead } from "./heads.ts";
import { enc, form, get, type Kind, multipart, PATHS, post } from "./wire.ts";
import { NAMES, PLACES, SEARCHES, SENTENCES, SNIPPETS } from "./words.ts";

export const KINDS: readonly Kind[] = [
  ["browser page", (c, h) => get(browserHead(c, h), c.of(PATHS))],
  [
    "browser search",
    (c, h) =>
      get(
        browserHead(c, h),
        `/search?q=${c.chance(0.5) ? form([["q", c.of(SEARCHES)]]).slice(2) : enc(c.of(SEARCHES))}&page=${c.int(9)}&sort=${c.of(["price", "-price", "name asc", "created_at:desc"]).replaceAll(" ", "+")}`,
      ),
  ],
  [
    "browser query",
    (c, h) =>
      get(
        browserHead(c, h),
        `${c.of(PATHS)}?${form([
          ["a", value(c)],
          ["ref", value(c)],
          ["filter[name]", c.of(NAMES)],
          ["ids[]", String(c.int(99))],
          ["utm_campaign", c.of(SENTENCES)],
        ])}`,
      ),
  ],
  [
    "redirect",
    (c, h) =>
      get(
        browserHead(c, h),
        `/login?next=${enc(`/account?tab=orders&x=${c.int(9)}`)}&return_to=${enc(`https://${h}/a/b?c=d&e=${enc("https://example.com/?f=g&h=i")}`)}&state=${c.base64Url(24)}`,
      ),
  ],
  [
    "oauth",
    (c, h) =>
      get(
        browserHead(c, h),
        `/oauth/authorize?client_id=${c.hex(20)}&redirect_uri=${enc(c.of(["https://app.example.com/cb", "http://localhost:8400/callback", "http://127.0.0.1:51234/", "com.example.app:/oauth2redirect"]))}&response_type=code&scope=${enc("openid profile email offline_access api:read")}&code_challenge=${c.base64Url(32)}&code_challenge_method=S256&nonce=${c.base64Url(12)}`,
      ),
  ],
  [
    "analytics",
    (c, h) =>
      get(
        browserHead(c, h),
        `/g/collect?v=2&tid=G-ABC123&gtm=45je46q0v9&_p=171940&cid=${c.int(1e9)}.${c.int(1e9)}&ul=en-us&sr=1920x1080&dl=${enc(`https://${h}/p?q=${c.of(SEARCHES)}`)}&dt=${enc(c.of(SENTENCES))}&en=page_view&ep.category=${enc(c.of(NAMES))}&_et=${c.int(9999)}`,
      ),
  ],
  [
    "sdk chat",
    (c, h) =>
      post(
        toolHead(c, h),
        "/v1/chat/completions",
        "application/json",
        JSON.stringify({
          model: "llama-3.1-8b",
          messages: [],
          temperature: 0.7,
          user: c.of([`user_${c.int(999)}`, c.of(NAMES), email(c)]),
          metadata: { title: c.of(SENTENCES), session: c.uuid() },
        }),
      ),
  ],
  [
    "api json",
    (c, h) =>
      post(
        toolHead(c, h),
        `/v1/origins/app/${c.of(["classify", "items", "search", "rerank"])}`,
        c.of(["application/json", "application/json; charset=utf-8", "application/vnd.api+json"]),
        JSON.stringify(jsonBody(c)),
      ),
  ],
  [
    "api json patch",
    (c, h) =>
      post(
        toolHead(c, h),
        `/v1/origins/app/items/${c.uuid()}`,
        "application/json",
        JSON.stringify(jsonBody(c), null, 2),
        c.of(["PUT", "PATCH"]),
      ),
  ],
  [
    "browser json",
    (c, h) => post(browserHead(c, h), "/api/items?draft=true", "application/json", JSON.stringify(jsonBody(c))),
  ],
  [
    "contact form",
    (c, h) =>
      post(
        browserHead(c, h),
        "/contact",
        "application/x-www-form-urlencoded",
        form([
          ["name", c.of(NAMES)],
          ["email", email(c)],
          ["subject", c.of(SENTENCES)],
          ["message", `${c.of(SENTENCES)}\r\n\r\n${c.of(SNIPPETS)}`],
          ["csrf", c.base64(24)],
        ]),
      ),
  ],
  [
    "login form",
    (c, h) =>
      post(
        browserHead(c, h),
        "/login",
        "application/x-www-form-urlencoded",
        form([
          ["user", c.of([email(c), c.of(NAMES)])],
          ["password", password(c)],
          ["remember", "on"],
        ]),
      ),
  ],
  [
    "checkout form",
    (c, h) =>
      post(
        browserHead(c, h),
        "/checkout",
        "application/x-www-form-urlencoded",
        form([
          ["billing[name]", c.of(NAMES)],
          ["billing[street]", c.of(PLACES)],
          ["billing[city]", "St. John's"],
          ["items[0][sku]", `A-${c.hex(6)}`],
          ["items[0][qty]", "2"],
          ["coupon", "SAVE10%"],
          ["note", value(c)],
        ]),
      ),
  ],
  [
    "upload",
    (c, h) => {
      const m = multipart(c);
      return post(browserHead(c, h), "/upload", m.type, m.body);
    },
  ],
  [
    "sdk upload",
    (c, h) => {
      const m = multipart(c);
      return post(toolHead(c, h), "/v1/origins/app/files", m.type, m.body);
    },
  ],
  [
    "token",
    (c, h) =>
      post(
        toolHead(c, h),
        "/oauth/token",
        "application/x-www-form-urlencoded",
        form([
          ["grant_type", "authorization_code"],
          ["code", c.base64Url(30)],
          ["redirect_uri", "https://app.example.com/cb"],
          ["client_id", c.hex(20)],
          ["client_secret", c.base64(32)],
          ["code_verifier", c.base64Url(48)],
        ]),
      ),
  ],
  [
    "soap",
    (c, h) =>
      post(
        toolHead(c, h),
        "/v1/origins/app/soap",
        "text/xml; charset=utf-8",
        `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><m:Find xmlns:m="urn:x"><m:Name>${c.of(NAMES).replaceAll("&", "&amp;")}</m:Name><m:Note kind="a">${c.of(SENTENCES).replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</m:Note></m:Find></soap:Body></soap:Envelope>`,
      ),
  ],
  [
    "webhook",
    (c, h) =>
      post(
        toolHead(c, h),
        "/hooks/git",
        "application/json",
        JSON.stringify({
          ref: "refs/heads/fix/it's-broken",
          commits: [
            {
              id: c.hex(40),
              message: `${c.of(SENTENCES)}\n\nSigned-off-by: ${c.of(NAMES)} <${email(c)}>`,
              added: ["src/a.ts", "docs/../README.md"],
              url: `https://git.example.com/x/y/commit/${c.hex(40)}`,
            },
          ],
          sender: { login: "octo-cat", html_url: "https://git.example.com/octo-cat" },
        }),
      ),
  ],
  [
    "plain text",
    (c, h) =>
      post(toolHead(c, h), "/v1/origins/app/notes", "text/plain; charset=utf-8", c.of([...SNIPPETS, ...SENTENCES])),
  ],
  [
    "ndjson",
    (c, h) =>
      post(
        toolHead(c, h),
        "/v1/origins/app/_bulk",
        "application/x-ndjson",
        `${JSON.stringify({ index: { _id: c.int(99) } })}\n${JSON.stringify(jsonBody(c))}\n`,
      ),
  ],
  [
    "api list",
    (c, h) =>
      get(
        toolHead(c, h),
        `/v1/origins/app/items?limit=50&offset=${c.int(999)}&order=desc&filter=${enc(value(c))}&fields=id,name&since=2024-01-01T00:00:00%2B02:00`,
      ),
  ],
  [
    "preflight",
    (c, h) =>
      get(
        [
          ...browserHead(c, h),
          "Access-Control-Request-Method: POST",
          "Access-Control-Request-Headers: authorization,content-type,x-stainless-lang",
        ],
        "/v1/chat/completions",
        "OPTIONS",
      ),
  ],
  ["delete", (c, h) => get(toolHead(c, h), `/v1/origins/app/items/${c.uuid()}`, "DELETE")],
  ["range", (c, h) => get([...browserHead(c, h), "Range: bytes=0-1048575"], "/video/intro.mp4")],
];
