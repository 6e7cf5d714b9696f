// The credentials of a local platform, in one file of mode 0600: the one exception to "a key is never stored". Its
// reader administers this platform. Minted through the administration API, as anyone's are, and anew when they near
// their end.
import { z } from "zod";
import { PLATFORM_TENANT } from "../../identity/issuer-rule.ts";
import { FIELD_SCOPES } from "../../identity/scopes.ts";
import { readText, writePrivate } from "../state/folder.ts";
import { type AdminClient, AdminError } from "./client.ts";

const key = z.object({ id: z.string(), key: z.string(), expires_at: z.iso.datetime() });
const credentialsSchema = z.object({
  version: z.literal(1),
  admin: key,
  /** tenant `demo`, every model */
  api: key,
  auditor: key,
  client: z.object({ id: z.string(), secret: z.string() }),
});
export type Credentials = z.infer<typeof credentialsSchema>;

export const DEMO_TENANT = "demo";
const INFERENCE = ["infer:*", "embed:*", ...FIELD_SCOPES];
/** A start that finds less life than this left mints anew. */
const RENEW_BEFORE_MS = 7 * 24 * 3600 * 1000;

/** Null where there are none that can be used, or one nears its end. */
export async function readCredentials(path: string, nowMs: number): Promise<Credentials | null> {
  const credentials = await readAnyCredentials(path);
  if (credentials === null) return null;
  const { admin, api, auditor } = credentials;
  const fresh = [admin, api, auditor].every(({ expires_at }) => Date.parse(expires_at) - nowMs > RENEW_BEFORE_MS);
  return fresh ? credentials : null;
}

/** As they stand in the file, expired or not. */
export async function readAnyCredentials(path: string): Promise<Credentials | null> {
  try {
    return credentialsSchema.parse(JSON.parse((await readText(path)) ?? "null"));
  } catch {
    return null;
  }
}

/** Whether the platform still knows the administrator: a state folder may have lost its storage, or he his key. */
export async function areKnown(credentials: Credentials, clientFor: (key: string) => AdminClient): Promise<boolean> {
  try {
    await clientFor(credentials.admin.key).call("GET", "/admin/v1/keys?limit=1");
    return true;
  } catch (error) {
    if (error instanceof AdminError && (error.status === 401 || error.status === 403)) return false;
    throw error;
  }
}

/** Burns the one-time secret for an administrator, makes the rest as that administrator, and writes the file. */
export async function mintCredentials(
  path: string,
  bootstrapSecret: string,
  clientFor: (key: string | null) => AdminClient,
): Promise<Credentials> {
  const admin = key.parse(await clientFor(null).call("POST", "/admin/v1/bootstrap", { secret: bootstrapSecret }));
  const api = clientFor(admin.key);
  await ensureTenant(api, DEMO_TENANT);
  const newKey = async (tenant: string, name: string, scopes: readonly string[]) =>
    key.parse(await api.call("POST", "/admin/v1/keys", { tenant, name, scopes }));
  const client = await api.call("POST", "/admin/v1/clients", {
    tenant: DEMO_TENANT,
    name: "demo client",
    scopes: INFERENCE,
  });
  const credentials = credentialsSchema.parse({
    version: 1,
    admin,
    api: await newKey(DEMO_TENANT, "demo key", INFERENCE),
    auditor: await newKey(PLATFORM_TENANT, "local auditor", ["auditor"]),
    client: { id: client.client_id, secret: client.client_secret },
  });
  await writePrivate(path, `${JSON.stringify(credentials, null, 2)}\n`);
  return credentials;
}

async function ensureTenant(api: AdminClient, name: string): Promise<void> {
  for await (const tenant of api.list("/admin/v1/tenants", "tenants")) if (tenant.name === name) return;
  await api.call("POST", "/admin/v1/tenants", { name });
}
