// What a publisher states about one version of a model: which file it is, how it is sealed, where it comes from.
// An origin loads a file only if it is exactly what a signed manifest describes.
import { z } from "zod";
import { plainSizeOf } from "./chunked.ts";
import {
  type PublisherKeys,
  type PublisherSigner,
  StatementError,
  signStatement,
  verifyStatement,
} from "./publisher.ts";

/** `sha256:` and 64 hex digits. */
export const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/);
/** Safe as one segment of an object key and of a path. */
export const modelNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/);
export const modelVersionNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  .refine((version) => version !== "current", "is the pointer's name");

const bytes = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

export const manifestSchema = z
  .strictObject({
    v: z.literal(1),
    name: modelNameSchema,
    version: modelVersionNameSchema,
    format: z.literal("gguf"),
    /** the plain file: this digest is what policy, tokens and the log name */
    plain: z.strictObject({ digest: digestSchema, size: bytes }),
    /** the object in the bucket */
    sealed: z.strictObject({ digest: digestSchema, size: bytes }),
    encryption: z.strictObject({
      scheme: z.literal("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM"),
      /** context of the key derivation, as text */
      context: z.string().max(512),
    }),
    /** SPDX identifier or `LicenseRef-…` */
    licence: z.string().min(1).max(128),
    provenance: z.strictObject({
      /** where the plain file came from: a package and its version, an address, a path on the publisher's disk */
      source: z.string().min(1).max(1024),
      note: z.string().max(1024).optional(),
    }),
    /** what the publisher recommends where a client names none; without it the engine decodes greedily */
    sampling: z
      .strictObject({
        temperature: z.number().min(0).max(2).optional(),
        top_p: z.number().gt(0).max(1).optional(),
        repeat_penalty: z.number().min(0.5).max(2).optional(),
      })
      .optional(),
    /** RFC 3339, UTC */
    created: z.iso.datetime(),
  })
  .refine(({ plain, sealed }) => sizesAgree(plain.size, sealed.size), "sealed.size does not follow from plain.size");

export type Manifest = z.infer<typeof manifestSchema>;

/** `name@version`: what a data key is bound to. */
export function artifactId(model: { readonly name: string; readonly version: string }): string {
  return `${model.name}@${model.version}`;
}

/** Signs a manifest as a compact JWS of type `bartizan-manifest+jws`. @throws ZodError where it is none */
export async function signManifest(manifest: Manifest, signer: PublisherSigner): Promise<string> {
  return await signStatement("bartizan-manifest+jws", manifestSchema.parse(manifest), signer);
}

/**
 * The manifest of exactly this model and version, signed by a known key.
 * @throws StatementError; `wrong_type` also where a manifest of another model was laid in its place
 */
export async function verifyManifest(
  jws: string,
  keys: PublisherKeys,
  expected: { readonly name: string; readonly version: string },
): Promise<Manifest> {
  const parsed = manifestSchema.safeParse(await verifyStatement("bartizan-manifest+jws", jws, keys));
  if (!parsed.success) throw new StatementError("bad_content");
  if (artifactId(parsed.data) !== artifactId(expected)) throw new StatementError("wrong_type");
  return parsed.data;
}

function sizesAgree(plain: number, sealed: number): boolean {
  try {
    return plainSizeOf(sealed) === plain;
  } catch {
    return false;
  }
}
