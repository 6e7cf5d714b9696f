// The checked-in word vectors, read from beside this file.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseWordVectors, type WordVectors } from "./word-vectors.ts";

export function readWordVectors(): WordVectors {
  return parseWordVectors(readFileSync(fileURLToPath(new URL("word-vectors.json", import.meta.url)), "utf8"));
}
