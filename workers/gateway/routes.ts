// The paths that the gateway knows, in one spelling each, and the methods they take. Everything else is a 404.
import type { InferenceRoute } from "./products.ts";

export type Route = InferenceRoute | { readonly name: "live" } | { readonly name: "ready" };

/** Parts of OpenAI's API that exist and are not offered: told apart from a mistyped path. */
const NOT_OFFERED = new Set([
  "assistants",
  "audio",
  "batches",
  "completions",
  "containers",
  "conversations",
  "evals",
  "files",
  "fine_tuning",
  "images",
  "messages",
  "moderations",
  "realtime",
  "responses",
  "threads",
  "uploads",
  "vector_stores",
  "videos",
]);

const READ = ["GET", "HEAD"] as const;
const POST = ["POST"] as const;
/** which of them an origin's endpoint takes is policy's */
const ANY = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

export type Found =
  | { readonly route: Route; readonly methods: readonly string[] }
  | { readonly route: null; readonly code: "not_found" | "not_supported" };

/** @param path the URL's path, still percent-encoded */
export function findRoute(path: string): Found {
  switch (path) {
    case "/v1/chat/completions":
      return { route: { name: "chat", label: "POST /v1/chat/completions" }, methods: POST };
    case "/v1/embeddings":
      return { route: { name: "embeddings", label: "POST /v1/embeddings" }, methods: POST };
    case "/v1/models":
      return { route: { name: "models", label: "GET /v1/models" }, methods: READ };
    case "/healthz":
    case "/health":
      return { route: { name: "live" }, methods: READ };
    case "/readyz":
      return { route: { name: "ready" }, methods: READ };
  }
  // one spelling for policy, guards and log: no doubled slash, no trailing one, no dot segment in disguise
  if (path.includes("//") || path.endsWith("/")) return { route: null, code: "not_found" };
  if (path.startsWith("/v1/models/")) {
    const id = decodeSegment(path.slice("/v1/models/".length));
    if (id === null) return { route: null, code: "not_found" };
    return { route: { name: "model", label: "GET /v1/models/{id}", id }, methods: READ };
  }
  const [, origin, below] = /^\/v1\/origins\/([a-z0-9][a-z0-9_-]{0,62})\/([A-Za-z0-9._/-]{1,256})$/.exec(path) ?? [];
  if (origin !== undefined && below !== undefined)
    return { route: { name: "origin", label: path, origin, path: below }, methods: ANY };
  const part = path.startsWith("/v1/") ? path.split("/")[2] : undefined;
  return { route: null, code: part !== undefined && NOT_OFFERED.has(part) ? "not_supported" : "not_found" };
}

function decodeSegment(encoded: string): string | null {
  try {
    const id = decodeURIComponent(encoded);
    return id.length > 0 && id.length <= 256 ? id : null;
  } catch {
    return null;
  }
}
