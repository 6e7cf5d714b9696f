// The catalogue as the API gives it.
import { z } from "zod";
import type { AdminClient } from "../../../embedded/admin/client.ts";
import { manifestSchema } from "../../../r2-models/manifest.ts";

const entrySchema = z.object({
  name: z.string(),
  version: z.string(),
  manifest: manifestSchema.nullable(),
  fault: z.string().nullable(),
  current: z.boolean(),
});
export type Entry = z.infer<typeof entrySchema>;

export async function readCatalogue(api: AdminClient): Promise<Entry[]> {
  return z.array(entrySchema).parse((await api.call("GET", "/admin/v1/models")).models);
}
