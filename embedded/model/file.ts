// Plain model files on disk: their digest, and what a user's own file says of itself.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { StartError } from "../stop-reason.ts";
import { ANY_MODEL_PROMPT, type ModelFacts } from "./known.ts";

/** `sha256:` and 64 hex digits. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
  return `sha256:${hash.digest("hex")}`;
}

/** A context above this asks more memory than a laptop may have to spare; a longer one is policy's to allow. */
const MAX_CONTEXT_TOKENS = 4096;

/** @throws StartError where the file is missing or no GGUF model */
export async function readOwnModel(path: string): Promise<ModelFacts> {
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) throw new StartError(`There is no model file at ${path}.`);
  const contextTokens = Math.min(await trainedContext(path), MAX_CONTEXT_TOKENS);
  const digest = await fileDigest(path);
  return {
    name: nameOf(path),
    // another file under the same name is another version
    version: `sha-${digest.slice(7, 19)}`,
    digest,
    sizeBytes: info.size,
    contextTokens,
    licence: "LicenseRef-unknown",
    provenance: { source: basename(path), note: "the user's own file" },
    firstPrompt: ANY_MODEL_PROMPT,
  };
}

async function trainedContext(path: string): Promise<number> {
  try {
    // loaded only here: the package takes a while, and the other models' facts are known
    const { readGgufFileInfo } = await import("node-llama-cpp");
    const { metadata } = await readGgufFileInfo(path, { readTensorInfo: false, logWarnings: false });
    const described: unknown = metadata[metadata.general.architecture as keyof typeof metadata];
    const length = (described as { context_length?: unknown } | undefined)?.context_length;
    return typeof length === "number" && length > 0 ? length : MAX_CONTEXT_TOKENS;
  } catch {
    throw new StartError(`${path} is not a GGUF model file.`);
  }
}

/** A policy id and a manifest's name at once. */
function nameOf(path: string): string {
  const name = basename(path)
    .replace(/\.gguf$/i, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 100)
    .replace(/[^A-Za-z0-9]+$/, "");
  return name === "" ? "model" : name;
}
