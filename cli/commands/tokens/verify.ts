// `bartizan tokens verify --jwks FILE`: judges tokens as the gateway does, or their signatures alone.
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { JWK } from "jose";
import { z } from "zod";
import { DEFAULT_STATE } from "../../../embedded/options.ts";
import { statePaths } from "../../../embedded/state/folder.ts";
import { loadKnownSecrets } from "../../../embedded/state/secrets.ts";
import { importVerificationKeys, KeySetError } from "../../../identity/keys.ts";
import { verifyToken } from "../../../identity/tokens.ts";
import { localCommand } from "../../connection.ts";
import { UsageError } from "../../exit.ts";
import { readNdjson, writeNdjson } from "../../ndjson.ts";
import { type Verdict, verifySignature } from "./signature.ts";

interface Options {
  readonly jwks: string;
  readonly signatureOnly: boolean;
  readonly issuer?: string;
  readonly audience?: string;
  readonly state: string;
}

const lineSchema = z.object({ id: z.union([z.string(), z.number()]), token: z.string() });
const jwkSchema = z.looseObject({ kty: z.string() });
type Judge = (token: string) => Promise<Verdict>;

export function tokensVerify(): Command {
  return localCommand("verify", "Judge tokens: NDJSON {id, token} in, {id, verdict, reason} out.")
    .argument("[file]", "- is standard input", "-")
    .requiredOption("--jwks <file>", "a JWK, a JWK set, or VERIFICATION_KEYS")
    .option("--signature-only", "form, algorithm and signature alone; claims are not read", false)
    .option("--issuer <iss>", "expected issuer (default: the local platform's)")
    .option("--audience <aud>", "expected audience (default: the issuer)")
    .option("--state <folder>", "state folder of the local platform", DEFAULT_STATE)
    .addHelpText("after", "\nExample:\n  npx bartizan tokens verify --jwks keys.json --signature-only < tokens.ndjson")
    .action(async (file: string, options: Options) => {
      const keys = await readKeys(options.jwks);
      const judge = options.signatureOnly
        ? (token: string) => verifySignature(token, keys)
        : await fullJudge(keys, options);
      for await (const { line, value } of readNdjson(file)) {
        const parsed = lineSchema.safeParse(value);
        if (!parsed.success) throw new UsageError(`Line ${line} is not {"id","token"}.`);
        const verdict = await judge(parsed.data.token);
        const { id } = parsed.data;
        await writeNdjson(
          verdict.ok ? { id, verdict: "accept", reason: null } : { id, verdict: "reject", reason: verdict.reason },
        );
      }
    });
}

async function readKeys(path: string): Promise<JWK[]> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new UsageError(`Cannot read ${path}: ${error.message}`);
  });
  try {
    const value: unknown = JSON.parse(text);
    const keys = typeof value === "object" && value !== null && "keys" in value ? value.keys : [value];
    return z.array(jwkSchema).parse(keys) as JWK[];
  } catch {
    throw new UsageError(`${path} is neither a JWK nor a JWK set.`);
  }
}

/** As the gateway judges: a published set does not say what its keys sign, so each is taken for a key of API keys. */
async function fullJudge(jwks: readonly JWK[], options: Options): Promise<Judge> {
  const issuer = options.issuer ?? (await loadKnownSecrets(statePaths(options.state).secrets)).issuer;
  const audience = options.audience ?? issuer;
  const set = { generation: 1, keys: jwks.map((jwk) => ({ bartizan_signs: "api_key", ...jwk })) };
  const keys = await importVerificationKeys(JSON.stringify(set)).catch((error: unknown) => {
    throw error instanceof KeySetError ? new UsageError(`${options.jwks}: ${error.message}`) : error;
  });
  return (token) => verifyToken(token, keys, { issuer, audience, nowMs: Date.now() });
}
