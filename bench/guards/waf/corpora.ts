// The attack corpora beside the checkout as raw requests: each string goes where its collection says, or into a query,
// a form and a JSON body. Nothing of them is kept here.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { crs } from "./crs.ts";
import type { Sample } from "./sample.ts";
import { readYamlCase, type YamlCase } from "./yaml-cases.ts";

export const CORPORA = new URL("../../../../shared/corpora/waf/", import.meta.url).pathname;

export function haveCorpora(): boolean {
  return existsSync(CORPORA);
}

export function readCorpora(carrier: Carrier = "query"): Sample[] {
  const scratch = mkdtempSync(join(tmpdir(), "waf-"));
  try {
    for (const name of ["gotestwaf", "libinjection", "payloads"])
      execFileSync("tar", ["xzf", join(CORPORA, `${name}.tar.gz`), "-C", scratch]);
    return [
      ...crs(join(CORPORA, "crs-regression.jsonl.gz")),
      ...gotestwaf(join(scratch, "gotestwaf")),
      ...lists(join(scratch, "libinjection"), "libinjection", carrier),
      ...lists(join(scratch, "payloads"), "payloads", carrier),
    ];
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function gotestwaf(folder: string): Sample[] {
  const samples: Sample[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".yml")) continue;
    const cases = readYamlCase(readFileSync(join(folder, name), "utf8"));
    const group = name.replace(/^.*\//, "").replace(".yml", "");
    for (const payload of cases.payloads) {
      for (const encoder of cases.encoders) {
        const coded = encode(payload, encoder);
        for (const placeholder of cases.placeholders) {
          const request = place(coded, payload, placeholder, cases);
          if (request !== null)
            samples.push({
              family: "gotestwaf",
              group,
              attack: !name.includes("false-pos"),
              text: `${placeholder}/${encoder} ${payload}`,
              request,
              substance: true,
            });
        }
      }
    }
  }
  return samples;
}

function encode(payload: string, encoder: string): string {
  if (encoder === "Base64Flat") return Buffer.from(payload).toString("base64").replace(/=+$/, "");
  return encoder === "URL" ? encodeURIComponent(payload) : payload;
}

const HEAD =
  "Host: gateway.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\nAccept: */*\r\n";

function place(coded: string, payload: string, placeholder: string, cases: YamlCase): string | null {
  const wire = coded.replace(/[\r\n ]/g, (c) => encodeURIComponent(c));
  switch (placeholder) {
    case "URLParam":
      return `GET /?q=${wire.replaceAll("#", "%23").replaceAll("&", "%26")} HTTP/1.1\r\n${HEAD}\r\n`;
    case "URLPath":
      return `GET /${wire} HTTP/1.1\r\n${HEAD}\r\n`;
    case "HTMLForm":
      return post("application/x-www-form-urlencoded", `field=${wire.replaceAll("&", "%26")}`);
    case "HTMLMultipartForm":
      return post(
        "multipart/form-data; boundary=x7d9",
        `--x7d9\r\nContent-Disposition: form-data; name="field"\r\n\r\n${coded}\r\n--x7d9--\r\n`,
      );
    case "JSONRequest":
      return post("application/json", JSON.stringify({ test: true, field: coded }));
    case "XMLBody":
      return post("text/xml", coded);
    case "SOAPBody":
      return post(
        "text/xml",
        `<?xml version="1.0"?><soap:Envelope><soap:Body><m>${coded.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</m></soap:Body></soap:Envelope>`,
      );
    case "Header":
      return `GET / HTTP/1.1\r\n${HEAD}X-Test: ${wire.replaceAll("%20", " ")}\r\n\r\n`;
    case "UserAgent":
      return `GET / HTTP/1.1\r\nHost: gateway.example\r\nUser-Agent: ${payload}\r\n\r\n`;
    case "GraphQL":
      return coded.startsWith("%")
        ? `GET /graphql?query=${wire} HTTP/1.1\r\n${HEAD}\r\n`
        : post("application/json", coded);
    case "gRPC":
      return post("application/json", JSON.stringify({ value: coded }));
    case "RawRequest": {
      const raw = cases.raw;
      if (raw === undefined) return null;
      const head = Object.entries(raw.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      return `${raw.method} ${raw.path} HTTP/1.1\r\nHost: gateway.example\r\n${head.join("")}\r\n${raw.body.replaceAll("{{payload}}", coded)}`;
    }
    default:
      return null;
  }
}

function post(type: string, body: string): string {
  return `POST /v1/origins/app/submit HTTP/1.1\r\n${HEAD}Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

export type Carrier = "query" | "form" | "json" | "header";

/** A string in a request; one that is percent-encoded already stays as it is. */
export function carry(text: string, carrier: Carrier): string {
  const encoded = /%[0-9a-fA-F%uU]/.test(text)
    ? text.replace(/[\s&#"<>]/g, (c) => encodeURIComponent(c))
    : encodeURIComponent(text.toWellFormed());
  if (carrier === "query") return `GET /v1/origins/app/search?q=${encoded} HTTP/1.1\r\n${HEAD}\r\n`;
  if (carrier === "form") return post("application/x-www-form-urlencoded", `comment=${encoded}`);
  if (carrier === "json") return post("application/json", JSON.stringify({ id: 7, comment: text }));
  return `GET /v1/origins/app/search HTTP/1.1\r\n${HEAD}X-Search: ${text.replace(/[\r\n]/g, " ")}\r\n\r\n`;
}

function lists(folder: string, family: string, carrier: Carrier): Sample[] {
  const samples: Sample[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!/\.txt(?:\.gz)?$/.test(name)) continue;
    const bytes = readFileSync(join(folder, name));
    const group = name.replace(/^.*\//, "").replace(/\.txt(?:\.gz)?$/, "");
    const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    for (const raw of text.split(/\r?\n/)) {
      if (raw.trim() === "" || (family === "libinjection" && raw.startsWith("#"))) continue;
      // words, event names and header names are lists to build attacks from, not attacks
      const bare =
        /^[\w\s*./-]{1,40}$/.test(raw) &&
        !/\.\.|[/.](?:etc|proc|ini|log|conf)|\s-\w|\d\s+(?:or|and|union)/i.test(raw) &&
        /^(?:[\w-]+|[\w-]+(?:\/[\w-]+)+|.{1,3})$/.test(raw.trim());
      samples.push({
        family,
        group,
        attack: group !== "false_positives",
        text: raw,
        request: carry(raw, carrier),
        substance: !bare && group !== "web-cache-deception",
      });
    }
  }
  return samples;
}
