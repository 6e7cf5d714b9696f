// How models lie in the bucket, and how they are found:
//
//   models/NAME/VERSION/artifact.sealed   chunked.ts
//   models/NAME/VERSION/data-key.json     data-key.ts
//   models/NAME/VERSION/manifest.jws      manifest.ts; written last: a version without it does not exist
//   models/NAME/current                   signed pointer: which version the bare name means
//
// The bucket is trusted to keep bytes, nothing else. Who can write it can withhold a model or put an older signed
// pointer back; `issued_at_ms` lets a reader that remembers the highest it saw notice the latter.
import { z } from "zod";
import {
  artifactId,
  digestSchema,
  type Manifest,
  modelNameSchema,
  modelVersionNameSchema,
  verifyManifest,
} from "./manifest.ts";
import {
  type PublisherKeys,
  type PublisherSigner,
  StatementError,
  signStatement,
  verifyStatement,
} from "./publisher.ts";

/** The two things that a listing needs of a bucket. */
export interface CatalogueStore {
  /** null where there is no such object; only small objects are asked for */
  get(key: string): Promise<Uint8Array | null>;
  /** keys that begin with the prefix, in any order, all of them */
  list(prefix: string): Promise<readonly string[]>;
}

export interface ObjectKeys {
  readonly manifest: string;
  readonly artifact: string;
  readonly dataKey: string;
}

/** @throws ZodError for a name or version that could leave its folder */
export function objectKeys(model: { readonly name: string; readonly version: string }): ObjectKeys {
  const folder = `models/${modelNameSchema.parse(model.name)}/${modelVersionNameSchema.parse(model.version)}`;
  return {
    manifest: `${folder}/manifest.jws`,
    artifact: `${folder}/artifact.sealed`,
    dataKey: `${folder}/data-key.json`,
  };
}

export function pointerKey(name: string): string {
  return `models/${modelNameSchema.parse(name)}/current`;
}

export const pointerSchema = z.strictObject({
  v: z.literal(1),
  name: modelNameSchema,
  version: modelVersionNameSchema,
  /** of the plain file, as in the manifest of that version */
  digest: digestSchema,
  issued_at_ms: z.int().min(0),
});
export type Pointer = z.infer<typeof pointerSchema>;

/** Signs which version a bare name means; a rollback is a new pointer to an old version. */
export async function signPointer(pointer: Pointer, signer: PublisherSigner): Promise<string> {
  return await signStatement("bartizan-pointer+jws", pointerSchema.parse(pointer), signer);
}

/** @throws StatementError */
export async function verifyPointer(jws: string, keys: PublisherKeys, name: string): Promise<Pointer> {
  const parsed = pointerSchema.safeParse(await verifyStatement("bartizan-pointer+jws", jws, keys));
  if (!parsed.success) throw new StatementError("bad_content");
  if (parsed.data.name !== name) throw new StatementError("wrong_type");
  return parsed.data;
}

/** One version as found in the bucket. A manifest that does not verify is listed as such, never trusted. */
export interface CatalogueEntry {
  readonly name: string;
  readonly version: string;
  readonly manifest: Manifest | null;
  readonly fault: string | null;
  /** the signed pointer names this version and its digest */
  readonly current: boolean;
}

/** All versions with a manifest, by name, then version. */
export async function listModels(store: CatalogueStore, keys: PublisherKeys): Promise<CatalogueEntry[]> {
  const entries: CatalogueEntry[] = [];
  const pointers = new Map<string, Pointer | null>();
  for (const key of [...(await store.list("models/"))].sort()) {
    const match = /^models\/([^/]+)\/([^/]+)\/manifest\.jws$/.exec(key);
    const [, name, version] = match ?? [];
    if (name === undefined || version === undefined) continue;
    if (!pointers.has(name)) pointers.set(name, await readPointer(store, keys, name));
    const pointer = pointers.get(name);
    const { manifest, fault } = await readManifest(store, keys, { name, version });
    const current = pointer?.version === version && manifest !== null && pointer.digest === manifest.plain.digest;
    entries.push({ name, version, manifest, fault, current });
  }
  return entries;
}

/** The manifest, or why there is none that counts. */
export async function readManifest(
  store: CatalogueStore,
  keys: PublisherKeys,
  model: { readonly name: string; readonly version: string },
): Promise<{ readonly manifest: Manifest | null; readonly fault: string | null }> {
  try {
    const jws = await store.get(objectKeys(model).manifest);
    if (jws === null) return { manifest: null, fault: "missing" };
    return { manifest: await verifyManifest(textOf(jws), keys, model), fault: null };
  } catch (error) {
    return { manifest: null, fault: error instanceof StatementError ? error.fault : `unreadable ${artifactId(model)}` };
  }
}

async function readPointer(store: CatalogueStore, keys: PublisherKeys, name: string): Promise<Pointer | null> {
  try {
    const jws = await store.get(pointerKey(name));
    return jws === null ? null : await verifyPointer(textOf(jws), keys, name);
  } catch {
    return null;
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}
