// The production shape on one machine: audit, gateway and control as three Workers side by side in one Miniflare, each
// with just the bindings that wrangler.toml's environment gives it, behind a router that stands for a zone's routes.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import miniflare, { type Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { workerEnvironment } from "../../embedded/state/environment.ts";
import { newSecrets } from "../../embedded/state/secrets.ts";
import { bundleWorker } from "../../embedded/workers/bundle.ts";
import { FIELD_SCOPES } from "../../identity/scopes.ts";
import type { PolicyInput } from "../../policy/schema.ts";
import type { Target } from "../e2e/contract/index.ts";
import { type FaultUpstream, startFaultUpstream } from "./fault-upstream.ts";
import { ALLOWED_ORIGIN, EMPTY_POLICY, FAULT_MODEL, withFaults } from "./test-policy.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const WORKERS = ["audit", "gateway", "control"] as const;
export type WorkerName = (typeof WORKERS)[number];

/** docs/environment.md: what each Worker is given, and no more. */
const GIVEN: Readonly<Record<WorkerName, readonly string[]>> = {
  gateway: [
    "POLICY",
    "ISSUER",
    "AUDIENCE",
    "VERIFICATION_KEYS",
    "ORIGINS",
    "ORIGIN_REQUEST_KEY",
    "ORIGIN_API_KEYS",
    "BARTIZAN_LOCAL",
  ],
  control: [
    "POLICY",
    "ISSUER",
    "AUDIENCE",
    "VERIFICATION_KEYS",
    "TOKEN_SIGNING_KEYS",
    "CLIENT_SECRET_PEPPER",
    "DIRECTORY_KEY",
    "KEY_ENCRYPTION_KEYS",
    "PUBLISHER_KEYS",
    "ENROLLED_ORIGINS",
    "BOOTSTRAP_SECRET",
  ],
  audit: ["POLICY", "ISSUER", "AUDIENCE", "VERIFICATION_KEYS", "LOG_SIGNING_KEY", "LOG_ORIGIN", "SINKS"],
};

const ROUTER = `
const CONTROL = ["/admin/v1/", "/oauth/", "/origin/v1/", "/.well-known/oauth-authorization-server", "/.well-known/jwks.json"];
const AUDIT = ["/audit/v1/", "/.well-known/bartizan-log"];
export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (CONTROL.some((path) => pathname.startsWith(path))) return env.CONTROL.fetch(request);
    if (AUDIT.some((path) => pathname.startsWith(path))) return env.AUDIT.fetch(request);
    return env.GATEWAY.fetch(request);
  },
};`;

export interface ThreeWorkers {
  readonly target: Target;
  readonly logs: string[];
  stop(): Promise<void>;
}

export interface ThreeWorkersOptions {
  /** what a Worker is given in place of what it would be */
  readonly settings?: (worker: WorkerName, given: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
  /** before anything else is asked of the new deployment */
  readonly first?: (url: string) => Promise<void>;
}

export async function startThreeWorkers(
  change: (policy: PolicyInput) => PolicyInput = (policy) => policy,
  { settings = (_, given) => given, first }: ThreeWorkersOptions = {},
): Promise<ThreeWorkers> {
  const faults = await startFaultUpstream();
  const secrets = await newSecrets("https://bartizan.test");
  const bootstrapSecret = "b".repeat(43);
  const policy = JSON.stringify(change(withFaults(EMPTY_POLICY, faults.url)));
  // the tests' external issuers are on this machine
  const environment = {
    ...workerEnvironment({ secrets, policy, originUrl: null, bootstrapSecret }),
    BARTIZAN_LOCAL: "1",
  };
  const logs: string[] = [];
  const instance = new miniflare.Miniflare(
    miniflare.convertV4MiniflareOptions({
      telemetry: { enabled: false },
      cf: false,
      log: new miniflare.Log(miniflare.LogLevel.NONE),
      handleStructuredLogs: ({ message }: { message: string }) => logs.push(message),
      workers: [
        {
          name: "router",
          modules: true,
          script: ROUTER,
          compatibilityDate: "2026-11-01",
          compatibilityFlags: ["enable_request_signal"],
          serviceBindings: { GATEWAY: "bartizan-gateway", CONTROL: "bartizan-control", AUDIT: "bartizan-audit" },
          unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        },
        ...(await Promise.all(WORKERS.map((name) => workerOptions(name, settings(name, givenTo(name, environment)))))),
      ],
    } as Parameters<typeof miniflare.convertV4MiniflareOptions>[0]),
  );
  await instance.ready;
  const url = (await instance.unsafeGetDirectURL("router")).origin;
  await first?.(url);
  const target = await provision(url, bootstrapSecret, faults, secrets.token_signing_keys.api_key);
  return { target, logs, stop: () => stop(instance, faults) };
}

function givenTo(name: WorkerName, environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([key]) => GIVEN[name].includes(key)));
}

async function workerOptions(name: WorkerName, bindings: Readonly<Record<string, string>>) {
  const { workerOptions, main } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"), name);
  const { compatibilityDate, compatibilityFlags, durableObjects, r2Buckets, serviceBindings } = workerOptions;
  return {
    name: `bartizan-${name}`,
    modulesRoot: "/",
    modules: [{ type: "ESModule", path: `/${name}.js`, contents: (await bundleWorker(main ?? "")).text }],
    compatibilityDate,
    compatibilityFlags,
    durableObjects,
    r2Buckets,
    serviceBindings,
    bindings,
  };
}

/** Everything through the administration's own door, as a new deployment would. */
async function provision(
  url: string,
  secret: string,
  faults: FaultUpstream,
  apiKeySigner: Target["apiKeySigner"],
): Promise<Target> {
  const call = async (path: string, body: unknown, key?: string): Promise<Record<string, string>> => {
    const response = await fetch(`${url}/admin/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, string>;
  };
  const { key: adminKey = "" } = await call("/bootstrap", { secret });
  await call("/tenants", { name: "demo" }, adminKey);
  const key = (name: string, scopes: string[]) => call("/keys", { tenant: "demo", name, scopes, limits: {} }, adminKey);
  const { key: apiKey = "" } = await key("app", ["infer:*", "embed:*", ...FIELD_SCOPES]);
  const { key: auditorKey = "" } = await key("auditor", ["auditor"]);
  const client = await call(
    "/clients",
    { tenant: "demo", name: "app", scopes: ["infer:*", "embed:*", ...FIELD_SCOPES], limits: {} },
    adminKey,
  );
  return {
    url,
    apiKey,
    adminKey,
    auditorKey,
    apiKeySigner,
    clientId: client.client_id ?? "",
    clientSecret: client.client_secret ?? "",
    chatModel: FAULT_MODEL,
    embeddingModel: FAULT_MODEL,
    faultModel: FAULT_MODEL,
    faults,
    allowedOrigin: ALLOWED_ORIGIN,
  };
}

async function stop(instance: Miniflare, faults: FaultUpstream): Promise<void> {
  await instance.dispose();
  await faults.stop();
}
