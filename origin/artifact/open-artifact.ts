// From a model's name to a verified plain file, in the order in which trust is earned:
//
//   manifest       signed by a known publisher, for exactly this name and version
//   data key       released for the digest that the manifest states, sealed to this origin, for this request
//   sealed bytes   of the stated length, each chunk authentic, the last one in its place, their digest as stated
//   plain bytes    their digest as stated; only now is there a file to load
import { createHash } from "node:crypto";
import type { CryptoKey } from "jose";
import { utf8 } from "../../protocol/encoding.ts";
import { decryptStream, SealError } from "../../r2-models/chunked.ts";
import { artifactId, type Manifest, verifyManifest } from "../../r2-models/manifest.ts";
import { type PublisherKeys, StatementError } from "../../r2-models/publisher.ts";
import { openReleasedKey, ReleaseError } from "../../r2-models/release.ts";
import { sealContext } from "../../r2-models/seal.ts";
import { LoadFailure } from "../failure.ts";
import { log } from "../log.ts";
import type { OriginModel } from "../messages.ts";
import type { ControlClient } from "./control-client.ts";
import { createPlainFile, type PlainFile } from "./plain-file.ts";
import { sealedBytes } from "./sealed-bytes.ts";

export interface ArtifactTrust {
  /** under which control enrolled this origin */
  readonly origin: string;
  readonly publishers: PublisherKeys;
  /** private X25519 key */
  readonly releaseKey: CryptoKey;
}

export interface OpenedArtifact {
  readonly manifest: Manifest;
  readonly file: PlainFile;
}

/** A manifest is some kilobytes; more is somebody else's file. */
const MAX_STATEMENT_CHARS = 64 * 1024;

/** Fetches, verifies, decrypts. The caller closes the file. @throws LoadFailure, and nothing stays behind */
export async function openArtifact(
  control: ControlClient,
  trust: ArtifactTrust,
  model: OriginModel,
  onProgress: (doneBytes: number, totalBytes: number) => void,
): Promise<OpenedArtifact> {
  const path = `/origin/v1/models/${model.name}/${model.version}`;
  const manifest = await readManifest(control, trust, model, `${path}/manifest`);
  const dataKey = await askDataKey(control, trust, manifest, `${path}/data-key`);
  const file = await createPlainFile(manifest.plain.size);
  try {
    const sealedHash = createHash("sha256");
    const plainHash = createHash("sha256");
    async function* sealed(): AsyncGenerator<Uint8Array, void, undefined> {
      for await (const piece of sealedBytes(control, `${path}/artifact`, manifest.sealed.size)) {
        sealedHash.update(piece);
        yield piece;
      }
    }
    let done = 0;
    const secret = { inputKey: dataKey, context: utf8(sealContext(model)) };
    for await (const block of decryptStream(secret, sealed())) {
      plainHash.update(block);
      await file.write(block);
      done += block.length;
      onProgress(done, manifest.plain.size);
    }
    const asStated =
      done === manifest.plain.size &&
      `sha256:${plainHash.digest("hex")}` === manifest.plain.digest &&
      `sha256:${sealedHash.digest("hex")}` === manifest.sealed.digest;
    if (!asStated) throw new LoadFailure("digest_mismatch");
    return { manifest, file };
  } catch (error) {
    await file.close();
    if (!(error instanceof SealError)) throw error;
    log("artifact_rejected", { model: artifactId(model), fault: error.fault });
    throw new LoadFailure("artifact_rejected");
  } finally {
    dataKey.fill(0);
  }
}

async function readManifest(
  control: ControlClient,
  trust: ArtifactTrust,
  model: OriginModel,
  path: string,
): Promise<Manifest> {
  const { response } = await control.request("GET", path);
  const jws = await boundedText(response);
  try {
    const manifest = await verifyManifest(jws, trust.publishers, model);
    // the context names the model: a publisher's slip here would make the artifact open under another's name
    if (manifest.encryption.context !== sealContext(model)) throw new StatementError("bad_content");
    return manifest;
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    log("manifest_rejected", { model: artifactId(model), fault: error.fault });
    throw new LoadFailure("manifest_rejected");
  }
}

async function askDataKey(
  control: ControlClient,
  trust: ArtifactTrust,
  manifest: Manifest,
  path: string,
): Promise<Uint8Array> {
  const digest = manifest.plain.digest;
  const { response, nonce } = await control.request("POST", path, { body: { digest } });
  const jwe = await boundedText(response);
  const binding = { origin: trust.origin, artifact: artifactId(manifest), digest, nonce };
  try {
    return await openReleasedKey(jwe, binding, trust.releaseKey);
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    throw new LoadFailure("data_key_rejected");
  }
}

async function boundedText(response: Response): Promise<string> {
  const declared = Number(response.headers.get("content-length") ?? "0");
  let text = "";
  if (declared <= MAX_STATEMENT_CHARS && response.body !== null)
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (text.length > MAX_STATEMENT_CHARS) break;
    }
  else await response.body?.cancel();
  // what is cut here fails its signature
  return text.slice(0, MAX_STATEMENT_CHARS);
}
