// The keys that the load carries, minted as an administrator mints them: over the admin API, the first administrator by
// the one-time secret.
import { QUOTA_NAMES } from "../../protocol/limits.ts";
import { MOCK_EMBEDDING_MODEL, MOCK_MODEL } from "../mock-upstream.ts";
import type { RowSetting } from "../row.ts";

/** Far above what any run could reach, so that every quota is counted and none refuses. */
const UNREACHABLE = 1_000_000_000_000;

export interface BenchKeys {
  /** one a ledger */
  readonly inference: readonly string[];
  readonly auditor: string;
}

/** @param headers what the local Worker demands of every request */
export async function mintKeys(
  url: string,
  headers: Readonly<Record<string, string>>,
  bootstrapSecret: string,
  setting: Pick<RowSetting, "keys" | "limits">,
): Promise<BenchKeys> {
  const post = async (path: string, body: object, key?: string): Promise<{ readonly key?: string }> => {
    const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const response = await fetch(`${url}/admin/v1/${path}`, {
      method: "POST",
      headers: { ...headers, ...authorization, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    // an answer of 201 may hold a key: only a refusal is shown
    if (response.status !== 201)
      throw new Error(`bartizan: ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as { key?: string };
  };
  const keyOf = ({ key }: { readonly key?: string }): string => {
    if (key === undefined) throw new Error("bartizan: an answer without a key");
    return key;
  };

  const administrator = keyOf(await post("bootstrap", { secret: bootstrapSecret }));
  await post("tenants", { name: "bench" }, administrator);
  const limit = setting.limits === "none" ? null : UNREACHABLE;
  const wanted = {
    tenant: "bench",
    scopes: [`infer:${MOCK_MODEL}`, `embed:${MOCK_EMBEDDING_MODEL}`],
    limits: Object.fromEntries(QUOTA_NAMES.map((name) => [name, limit])),
  };
  const inference: string[] = [];
  for (let i = 0; i < setting.keys; i++)
    inference.push(keyOf(await post("keys", { ...wanted, name: `bench ${i}` }, administrator)));
  const auditor = { tenant: "bench", name: "bench auditor", scopes: ["auditor"] };
  return { inference, auditor: keyOf(await post("keys", auditor, administrator)) };
}
