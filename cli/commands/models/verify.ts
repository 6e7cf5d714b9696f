// `bartizan models verify`: the manifest's signature, and the sealed bytes against the manifest, read as an origin reads
// them: through control's routes, with the local origin's own key. What control says of a manifest is not believed; it
// is fetched and verified here.
import { createHash } from "node:crypto";
import type { Command } from "commander";
import { importJWK } from "jose";
import { publicOf } from "../../../embedded/state/environment.ts";
import { statePaths } from "../../../embedded/state/folder.ts";
import { loadKnownSecrets, type Secrets } from "../../../embedded/state/secrets.ts";
import { signControlRequest } from "../../../identity/http-signature.ts";
import type { Signer } from "../../../identity/message-signature.ts";
import { LOCAL_ORIGIN } from "../../../policy/defaults.ts";
import { toBase64Url } from "../../../protocol/encoding.ts";
import { type Manifest, verifyManifest } from "../../../r2-models/manifest.ts";
import { importPublisherKeys, type PublisherKeys, StatementError } from "../../../r2-models/publisher.ts";
import { type ConnectionOptions, connectAdmin, platformCommand, platformUrl } from "../../connection.ts";
import { CheckFailed } from "../../exit.ts";
import { printJson, printLine } from "../../output.ts";
import { readCatalogue } from "./catalogue.ts";

interface Finding {
  readonly name: string;
  readonly version: string;
  readonly digest: string | null;
  /** null: it holds */
  readonly fault: string | null;
}

export function modelsVerify(): Command {
  return platformCommand("verify", "Verify each model's manifest and every sealed byte of it.")
    .argument("[model]", "NAME or NAME@VERSION (default: all)")
    .addHelpText("after", "\nExample:\n  npx bartizan models verify smollm2")
    .action(async (model: string | undefined, options: ConnectionOptions) => {
      const secrets = await loadKnownSecrets(statePaths(options.state).secrets);
      const reader = await ArtifactReader.create(await platformUrl(options), secrets);
      const entries = (await readCatalogue(await connectAdmin(options))).filter(
        ({ name, version }) => model === undefined || model === name || model === `${name}@${version}`,
      );
      if (entries.length === 0)
        throw new CheckFailed(model === undefined ? "There is no model." : `No model ${model}.`);
      const findings: Finding[] = [];
      for (const { name, version } of entries) findings.push(await reader.verify(name, version));
      if (options.json) printJson({ models: findings });
      else for (const finding of findings) printLine(lineOf(finding));
      if (findings.some(({ fault }) => fault !== null)) throw new CheckFailed("Not every model verifies.");
    });
}

function lineOf({ name, version, digest, fault }: Finding): string {
  return fault === null ? `${name}@${version}: verified, ${digest}` : `${name}@${version}: ${fault}`;
}

class ArtifactReader {
  readonly #url: string;
  readonly #signer: Signer;
  readonly #publishers: PublisherKeys;

  private constructor(url: string, signer: Signer, publishers: PublisherKeys) {
    this.#url = url;
    this.#signer = signer;
    this.#publishers = publishers;
  }

  static async create(url: string, secrets: Secrets): Promise<ArtifactReader> {
    const key = await importJWK(secrets.origin.signing_key, "EdDSA");
    if (key instanceof Uint8Array) throw new CheckFailed("The origin's key in the state folder cannot be used.");
    const publishers = await importPublisherKeys([publicOf(secrets.publisher_key)]);
    return new ArtifactReader(url, { keyid: LOCAL_ORIGIN, key }, publishers);
  }

  async verify(name: string, version: string): Promise<Finding> {
    const manifest = await this.#manifest(name, version);
    if (typeof manifest === "string") return { name, version, digest: null, fault: manifest };
    const fault = await this.#sealedFault(manifest);
    return { name, version, digest: manifest.plain.digest, fault };
  }

  async #manifest(name: string, version: string): Promise<Manifest | string> {
    const response = await this.#get(name, version, "manifest");
    if (!response.ok) return `the manifest cannot be read (${response.status})`;
    try {
      return await verifyManifest(await response.text(), this.#publishers, { name, version });
    } catch (error) {
      if (error instanceof StatementError) return `the manifest is refused: ${error.fault}`;
      throw error;
    }
  }

  async #sealedFault({ name, version, sealed }: Manifest): Promise<string | null> {
    const response = await this.#get(name, version, "artifact");
    if (!response.ok || response.body === null) return `the artifact cannot be read (${response.status})`;
    const hash = createHash("sha256");
    let size = 0;
    for await (const piece of response.body) {
      hash.update(piece);
      size += piece.length;
    }
    if (size !== sealed.size) return `the artifact has ${size} bytes, the manifest says ${sealed.size}`;
    return `sha256:${hash.digest("hex")}` === sealed.digest ? null : "the artifact is not what the manifest describes";
  }

  async #get(name: string, version: string, what: "manifest" | "artifact"): Promise<Response> {
    const url = new URL(`/origin/v1/models/${name}/${version}/${what}`, this.#url);
    const headers = await signControlRequest({
      method: "GET",
      target: url.pathname,
      bodySha256: null,
      nowMs: Date.now(),
      nonce: toBase64Url(crypto.getRandomValues(new Uint8Array(18))),
      signer: this.#signer,
    });
    return await fetch(url, { headers, redirect: "error" });
  }
}
