// The catalogue: which sealed models lie in the bucket, and whether their manifests verify.
import { type CatalogueStore, listModels } from "../../r2-models/catalogue.ts";
import { importPublisherKeys } from "../../r2-models/publisher.ts";
import { type ControlContext, readQuery, refuse } from "./http.ts";
import { noInput } from "./input.ts";

export async function showModels(c: ControlContext): Promise<Response> {
  const read = await readQuery(c, noInput);
  if (!read.ok) return refuse(c, read.refusal);
  const publishers = await importPublisherKeys(c.get("config").publisherKeys);
  const entries = await listModels(storeOf(c.env.MODELS), publishers);
  return c.json({ models: entries });
}

function storeOf(bucket: R2Bucket): CatalogueStore {
  return {
    async get(key) {
      const object = await bucket.get(key);
      return object === null ? null : new Uint8Array(await object.arrayBuffer());
    },
    async list(prefix) {
      const keys: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
        keys.push(...page.objects.map(({ key }) => key));
        cursor = page.truncated ? page.cursor : undefined;
      } while (cursor !== undefined);
      return keys;
    },
  };
}
