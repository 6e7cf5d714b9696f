// `bartizan tokens verify --jwks FILE`: judges tokens against the keys of a file, whole or by their signatures alone.
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { z } from "zod";
import { type JwkSet, LOCAL_JWKS, readJwks } from "../../../identity/jwks.ts";
import { type JudgeOptions, judgeToken } from "../../../identity/verify-jws.ts";
import { localCommand } from "../../connection.ts";
import { UsageError } from "../../exit.ts";
import { readNdjson, writeNdjson } from "../../ndjson.ts";

interface Options {
  readonly jwks: string;
  readonly signatureOnly: boolean;
  readonly issuer?: string;
  readonly audience?: string;
}

const lineSchema = z.object({ id: z.union([z.string(), z.number()]), token: z.string() });

export function tokensVerify(): Command {
  return localCommand("verify", "Judge tokens: NDJSON {id, token} in, {id, verdict, reason} out.")
    .argument("[file]", "- is standard input", "-")
    .requiredOption("--jwks <file>", "a JWK or a JWK set")
    .option("--signature-only", "form, algorithm and signature alone; claims are not read", false)
    .option("--issuer <iss>", "the issuer that they must name (default: any)")
    .option("--audience <aud>", "the audience that they must name (default: any)")
    .addHelpText("after", "\nExample:\n  npx bartizan tokens verify --jwks keys.json --signature-only < tokens.ndjson")
    .action(async (file: string, options: Options) => {
      const keys = await readKeys(options.jwks);
      for await (const { line, value } of readNdjson(file)) {
        const parsed = lineSchema.safeParse(value);
        if (!parsed.success) throw new UsageError(`Line ${line} is not {"id","token"}.`);
        await writeNdjson(await judgeToken(parsed.data, keys, expectationOf(options)));
      }
    });
}

function expectationOf({ signatureOnly, issuer, audience }: Options): JudgeOptions {
  return {
    signatureOnly,
    nowMs: Date.now(),
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audiences: [audience] }),
  };
}

/** Says on standard error which keys of the file are not used, and why: their tokens will be refused. */
async function readKeys(path: string): Promise<JwkSet> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new UsageError(`Cannot read ${path}: ${error.message}`);
  });
  const set = readJwks(asSet(text), LOCAL_JWKS);
  if (set === null) throw new UsageError(`${path} is neither a JWK nor a JWK set.`);
  for (const { index, fault } of set.skipped) process.stderr.write(`${path}: keys[${index}] is not used: ${fault}\n`);
  return set;
}

function asSet(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "kty" in value ? { keys: [value] } : value;
  } catch {
    return null;
  }
}
