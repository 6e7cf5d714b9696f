// How honest requests are put on the wire, and the paths they go to.
import type { Choices } from "./random.ts";
import { SENTENCES, SNIPPETS } from "./words.ts";

/** A kind's name, and how a request of it is made for a host. */
export type Kind = readonly [name: string, make: (c: Choices, host: string) => string];

export function get(head: readonly string[], target: string, method = "GET"): string {
  return `${method} ${target} HTTP/1.1\r\n${head.join("\r\n")}\r\n\r\n`;
}

export function post(head: readonly string[], target: string, type: string, body: string, method = "POST"): string {
  return `${method} ${target} HTTP/1.1\r\n${head.join("\r\n")}\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** As browsers write a form: spaces are plus signs. */
export function form(pairs: readonly (readonly [string, string])[]): string {
  return new URLSearchParams(pairs.map(([k, v]) => [k, v.toWellFormed()])).toString();
}

export function multipart(c: Choices): { type: string; body: string } {
  const boundary = c.of([
    `----WebKitFormBoundary${c.text("ABCDEFGHIJKLMNOPabcdefghijklmnop0123456789", 16)}`,
    c.hex(32),
    `---------------------------${c.int(1e9)}${c.int(1e9)}`,
  ]);
  const parts = [
    `Content-Disposition: form-data; name="title"\r\n\r\n${c.of(SENTENCES)}`,
    `Content-Disposition: form-data; name="description"\r\n\r\n${c.of(SNIPPETS)}`,
    `Content-Disposition: form-data; name="purpose"\r\n\r\nfine-tune`,
    `Content-Disposition: form-data; name="file"; filename="${c.of(["photo.jpg", "Rechnung (1).pdf", "données.csv", "training.jsonl", "notes.txt", "IMG_2024-06-01.HEIC", "report v1.2.docx", "app.js"])}"\r\nContent-Type: ${c.of(["image/jpeg", "application/pdf", "text/csv", "application/octet-stream"])}\r\n\r\n${c.of([c.base64(800), SNIPPETS[4] ?? "", `{"messages":[{"role":"user","content":"${"How do I SELECT rows?"}"}]}\n`, "const x = document.cookie; alert(x);\n"])}`,
  ].slice(0, 2 + c.int(3));
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--\r\n`,
  };
}

export const enc = (text: string): string => encodeURIComponent(text.toWellFormed());
export const PATHS = [
  "/",
  "/index.html",
  "/products/red-shoes_42",
  "/assets/app.3f2a1b.js",
  "/api/v2/users/123/orders",
  "/fr/l-union-europeenne",
  "/select-your-plan",
  "/static/img/logo@2x.png",
  "/wp-content/uploads/2024/06/photo-1024x768.jpg",
  "/docs/getting-started/",
  "/.well-known/openid-configuration",
  "/v1/models",
  "/v1/models/llama-3.1-8b-instruct",
  "/@user/post-title-1a2b3c",
  "/search;jsessionid=1A2B3C",
  "/a/b/c.d/e~f",
  "/caf%C3%A9/menu",
  "/%E6%9D%B1%E4%BA%AC",
  "/tag/c%2B%2B",
  "/blog/2024/06/what-s-new",
  "/o'reilly/books",
  "/docs/sql/union-select.html",
  "/robots.txt",
  "/favicon.ico",
  "/sitemap.xml",
  "/healthz",
  "/oauth/token",
  "/graphql",
];
