// More kinds of honest requests: the open web's addresses and cookies, applications' documents, many languages.
import { appBody } from "./apps.ts";
import { document, FILE_NAMES } from "./documents.ts";
import { browserHead, toolHead } from "./heads.ts";
import { MESSAGES } from "./languages.ts";
import { serviceHeaders, webQuery } from "./web.ts";
import { form, get, type Kind, PATHS, post } from "./wire.ts";
import { NAMES, SEARCHES } from "./words.ts";

export const WEB_KINDS: readonly Kind[] = [
  ["web query", (c, h) => get(browserHead(c, h), `${c.of(PATHS)}?${webQuery(c, h)}`)],
  ["web click", (c, h) => get([...browserHead(c, h), ...serviceHeaders(c)], `/?${webQuery(c, h)}&${webQuery(c, h)}`)],
  ["app json", (c, h) => post(browserHead(c, h), "/api/v1/entries", "application/json", JSON.stringify(appBody(c)))],
  [
    "app webhook",
    (c, h) =>
      post([...toolHead(c, h), ...serviceHeaders(c)], "/hooks/in", "application/json", JSON.stringify(appBody(c))),
  ],
  [
    "editor form",
    (c, h) =>
      post(
        browserHead(c, h),
        "/posts",
        "application/x-www-form-urlencoded; charset=UTF-8",
        form([
          ["utf8", "✓"],
          ["authenticity_token", c.base64(64)],
          ["post[title]", c.of(MESSAGES)],
          ["post[body]", document(c).replaceAll("\n", "\r\n")],
          ["post[tags][]", c.of(SEARCHES)],
          ["commit", "Save & publish"],
        ]),
      ),
  ],
  [
    "message form",
    (c, h) =>
      post(
        browserHead(c, h),
        "/messages",
        "application/x-www-form-urlencoded",
        form([
          ["to", c.of(NAMES)],
          ["text", `${c.of(MESSAGES)}\r\n${c.of(MESSAGES)}`],
          ["short", c.of(MESSAGES)],
        ]),
      ),
  ],
  [
    "language search",
    (c, h) => get(browserHead(c, h), `/suche?${form([["q", c.of(MESSAGES).slice(0, 8 + c.int(40))]])}&l=${c.int(9)}`),
  ],
  [
    "named upload",
    (c, h) => {
      const boundary = `----WebKitFormBoundary${c.hex(16)}`;
      const parts = [
        `Content-Disposition: form-data; name="caption"\r\n\r\n${c.of(MESSAGES)}`,
        `Content-Disposition: form-data; name="files[]"; filename="${c.of(FILE_NAMES)}"\r\nContent-Type: application/octet-stream\r\n\r\n${document(c)}`,
      ];
      const body = `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--\r\n`;
      return post(browserHead(c, h), "/files", `multipart/form-data; boundary=${boundary}`, body);
    },
  ],
];
