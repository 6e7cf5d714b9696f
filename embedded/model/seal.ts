// Puts a plain model file into the bucket as a sealed artifact, and looks whether one is there already.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { fromBase64Url, utf8 } from "../../protocol/encoding.ts";
import { objectKeys, pointerKey, readManifest, signPointer, verifyPointer } from "../../r2-models/catalogue.ts";
import { importPublisherKeys, importPublisherSigner } from "../../r2-models/publisher.ts";
import { SEAL_RANDOM_BYTES, sealArtifact } from "../../r2-models/seal.ts";
import type { Reporter } from "../report.ts";
import { publicOf } from "../state/environment.ts";
import type { Secrets } from "../state/secrets.ts";
import { StartError } from "../stop-reason.ts";
import type { Vault } from "../workers/vault.ts";
import type { ModelFacts } from "./known.ts";

type ModelId = Pick<ModelFacts, "name" | "version" | "digest">;

/**
 * True where the sealed artifact is whole by its size, its manifest is signed by our publisher and describes this file,
 * and the pointer names it. The origin checks every byte when it loads.
 */
export async function isSealed(model: ModelId, vault: Vault, secrets: Secrets): Promise<boolean> {
  const keys = await importPublisherKeys([publicOf(secrets.publisher_key)]);
  const { manifest } = await readManifest(vault, keys, model);
  if (manifest === null || manifest.plain.digest !== model.digest) return false;
  const at = objectKeys(model);
  if ((await vault.size(at.artifact)) !== manifest.sealed.size || (await vault.size(at.dataKey)) === null) return false;
  const pointer = await vault.get(pointerKey(model.name));
  if (pointer === null) return false;
  try {
    const { version, digest } = await verifyPointer(new TextDecoder().decode(pointer), keys, model.name);
    return version === model.version && digest === model.digest;
  } catch {
    return false;
  }
}

/** Seals the file at `path` and makes it the model's current version. */
export async function sealFile(
  model: ModelFacts,
  path: string,
  vault: Vault,
  secrets: Secrets,
  report: Reporter,
): Promise<void> {
  const { size } = await stat(path);
  const bar = report.progress(`Sealing ${model.name}`, size);
  let done = false;
  try {
    await store(model, path, size, vault, secrets, (doneBytes) => bar.update(doneBytes));
    done = true;
  } finally {
    done ? bar.end() : bar.abort();
  }
}

/**
 * A version without a manifest does not exist. So the old manifest goes first and the new one comes after artifact and
 * data key: a crash in between leaves no manifest beside bytes that it does not describe.
 */
async function store(
  model: ModelFacts,
  path: string,
  size: number,
  vault: Vault,
  secrets: Secrets,
  onProgress: (doneBytes: number) => void,
): Promise<void> {
  const { current, keys } = secrets.key_encryption_keys;
  const publisher = await importPublisherSigner(secrets.publisher_key);
  const { name, version, licence, provenance, sampling } = model;
  const sealing = sealArtifact({
    model: { name, version, licence, provenance, sampling },
    plain: createReadStream(path, { highWaterMark: 1 << 20 }),
    plainSize: size,
    sha256: () => incremental(),
    keks: { current, keys: Object.fromEntries(Object.entries(keys).map(([id, key]) => [id, fromBase64Url(key)])) },
    publisher,
    random: crypto.getRandomValues(new Uint8Array(SEAL_RANDOM_BYTES)),
    nowMs: Date.now(),
    onProgress,
  });
  const at = objectKeys(model);
  await vault.remove(at.manifest);
  await vault.put(at.artifact, sealing.sealed, sealing.sealedSize);
  const { manifest, manifestJws, wrappedKey } = await sealing.finish();
  if (manifest.plain.digest !== model.digest) throw new StartError(`${path} changed while it was sealed. Start again.`);
  await vault.putSmall(at.dataKey, utf8(JSON.stringify(wrappedKey)));
  await vault.putSmall(at.manifest, utf8(manifestJws));
  const pointer = { v: 1, name, version, digest: model.digest, issued_at_ms: Date.now() } as const;
  await vault.putSmall(pointerKey(name), utf8(await signPointer(pointer, publisher)));
}

/** What lies there under this version no longer counts as sealed. */
export async function forgetSealed(model: ModelId, vault: Vault): Promise<void> {
  await vault.remove(objectKeys(model).manifest);
}

function incremental() {
  const hash = createHash("sha256");
  return { update: (bytes: Uint8Array) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
}
