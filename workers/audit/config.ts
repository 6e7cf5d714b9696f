// The audit Worker's environment, read in this one place. A value that is missing or malformed stops what needs it and
// says which name it is, never what stands there. Reading and appending need different values, so that a log goes on
// taking records while the keys of its readers are being set up.
import { z } from "zod";
import { DEFAULT_LOG } from "../../durable-objects/audit-log/commands.ts";
import type { AuditLogObject } from "../../durable-objects/audit-log/object.ts";
import type { SinkTarget } from "../../durable-objects/sink/deliver.ts";
import type { SinkObject } from "../../durable-objects/sink/object.ts";
import { TokenCache } from "../../identity/cache.ts";
import { importVerificationKeys, type KeySet } from "../../identity/keys.ts";
import { parsePolicy } from "../../policy/parse.ts";
import type { Policy } from "../../policy/schema.ts";
import { parseJson } from "../../protocol/json.ts";
import { importNoteSigner, isKeyName, type NoteSigner } from "../../transparency/vkey.ts";

/** What Cloudflare hands to this Worker: it can append, prove and export, and nothing else. */
export interface AuditEnv {
  readonly AUDIT_LOG: DurableObjectNamespace<AuditLogObject<AuditEnv>>;
  readonly SINK: DurableObjectNamespace<SinkObject<AuditEnv>>;
  readonly LOGS: R2Bucket;
  readonly ISSUER?: string;
  readonly AUDIENCE?: string;
  readonly VERIFICATION_KEYS?: string;
  /** For its network rules: whence readers may come. Without it, from anywhere. */
  readonly POLICY?: string;
  /** Who holds it can sign a forked log. It signs nothing else, and no token verifier accepts it. */
  readonly LOG_SIGNING_KEY?: string;
  readonly LOG_ORIGIN?: string;
  /** Addresses and headers of collectors: the headers are often credentials. */
  readonly SINKS?: string;
}

/** What it takes to sign logs and to feed sinks. */
export interface LogConfig {
  /** the key as this log's signer, imported once */
  signer(log: string): Promise<NoteSigner>;
  readonly sinks: ReadonlyMap<string, SinkTarget>;
}

/** What it takes to judge a reader. */
export interface ReaderConfig {
  readonly issuer: string;
  readonly audience: string;
  /** null: those that control publishes, and no one is let in before it has */
  readonly keys: KeySet | null;
  readonly cache: TokenCache;
  readonly policy: Policy | null;
}

/** Names the variable that cannot be used. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(variable: string) {
    super(`audit configuration unusable: ${variable}`);
  }
}

const logConfigs = new WeakMap<AuditEnv, LogConfig>();
/** Finished values only: a promise that another request began would hang this one if that request is cancelled. */
const readerConfigs = new WeakMap<AuditEnv, ReaderConfig>();

/** @throws ConfigError */
export function logConfig(env: AuditEnv): LogConfig {
  let config = logConfigs.get(env);
  if (config === undefined) {
    config = readLogConfig(env);
    logConfigs.set(env, config);
  }
  return config;
}

/** Rejects with a ConfigError. */
export async function readerConfig(env: AuditEnv): Promise<ReaderConfig> {
  const known = readerConfigs.get(env);
  if (known !== undefined) return known;
  const config = await readReaderConfig(env);
  readerConfigs.set(env, config);
  return config;
}

/**
 * A log's origin line, and the name of its key: LOG_ORIGIN itself for the default log, `LOG_ORIGIN/NAME` for any other.
 * So each log has a verifier key of its own, and no checkpoint of one passes for another's.
 */
export function originOf(base: string, log: string): string {
  return log === DEFAULT_LOG ? base : `${base}/${log}`;
}

function readLogConfig(env: AuditEnv): LogConfig {
  const { LOG_SIGNING_KEY: key, LOG_ORIGIN: base } = env;
  if (base === undefined || !isKeyName(base)) throw new ConfigError("LOG_ORIGIN");
  if (!key) throw new ConfigError("LOG_SIGNING_KEY");
  const signers = new Map<string, Promise<NoteSigner>>();
  return {
    sinks: readSinks(env.SINKS),
    signer(log) {
      let signer = signers.get(log);
      if (signer === undefined) {
        signer = importNoteSigner(key, originOf(base, log)).catch(() => {
          throw new ConfigError("LOG_SIGNING_KEY");
        });
        // a few logs at most; the bound keeps a caller who tries names from filling memory
        if (signers.size < 64) signers.set(log, signer);
      }
      return signer;
    },
  };
}

async function readReaderConfig(env: AuditEnv): Promise<ReaderConfig> {
  const { ISSUER, AUDIENCE, VERIFICATION_KEYS } = env;
  if (!ISSUER) throw new ConfigError("ISSUER");
  if (!AUDIENCE) throw new ConfigError("AUDIENCE");
  const keys = VERIFICATION_KEYS
    ? await importVerificationKeys(VERIFICATION_KEYS).catch(() => {
        throw new ConfigError("VERIFICATION_KEYS");
      })
    : null;
  return { issuer: ISSUER, audience: AUDIENCE, keys, cache: new TokenCache(), policy: await readPolicy(env.POLICY) };
}

/** One that cannot be read is no policy without rules: nobody is let in by mistake. */
async function readPolicy(text: string | undefined): Promise<Policy | null> {
  if (text === undefined) return null;
  const parsed = await parsePolicy(text);
  if (!parsed.ok) throw new ConfigError("POLICY");
  return parsed.policy;
}

const sinkSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/),
  kind: z.literal("ndjson"),
  url: z.string().max(2048).refine(isCollectorUrl),
  headers: z.record(z.string(), z.string()).refine(areHeaders).default({}),
});
const sinksSchema = z
  .array(sinkSchema)
  .max(16)
  .refine((sinks) => new Set(sinks.map(({ name }) => name)).size === sinks.length);

function readSinks(text: string | undefined): ReadonlyMap<string, SinkTarget> {
  if (!text) return new Map();
  const parsed = sinksSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new ConfigError("SINKS");
  return new Map(parsed.data.map(({ name, url, headers }) => [name, { url, headers }]));
}

/** http or https, and no credentials in it: they would stand in traces; headers are for that. */
function isCollectorUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "" && url.hash === ""
  );
}

function areHeaders(headers: Record<string, string>): boolean {
  try {
    return [...new Headers(headers)].length === Object.keys(headers).length;
  } catch {
    return false;
  }
}
