// The routes by which enrolled origins get sealed artifacts, and the data keys to open them.
//
//   GET|HEAD /origin/v1/models/NAME/VERSION/manifest   the publisher's signed statement
//   GET|HEAD /origin/v1/models/NAME/VERSION/artifact   sealed bytes, streamed, with Range
//   POST     /origin/v1/models/NAME/VERSION/data-key   {"digest":"sha256:…"} → a JWE to the origin's enrolled key
//
// Each request is signed with the origin's enrolled key (RFC 9421; key id: the origin's name). A Worker keeps no memory
// of nonces, so within its 30 s a recorded request can be sent again. That gains nothing: manifest and artifact are
// public statement and ciphertext, and the data key is sealed to the enrolled key, for the nonce of the request.
import { type Context, Hono } from "hono";
import type { JWK } from "jose";
import { newRequestId } from "../../protocol/ids.ts";
import { answerOf, type Refusal, renderRefusal } from "../../protocol/refusal.ts";
import { objectKeys } from "../../r2-models/catalogue.ts";
import { DataKeyError, type KeyEncryptionKeys, unwrapDataKey, wrappedKeySchema } from "../../r2-models/data-key.ts";
import { artifactId, digestSchema, type Manifest, verifyManifest } from "../../r2-models/manifest.ts";
import { importPublisherKeys, type PublisherKeys } from "../../r2-models/publisher.ts";
import { importReleaseKey, releaseDataKey } from "../../r2-models/release.ts";
import { type ArtifactBucket, serveArtifact } from "./artifact-bytes.ts";
import { type Caller, type EnrolledOrigins, originAuthenticator } from "./origin-caller.ts";

export interface ArtifactDeps {
  readonly models: ArtifactBucket;
  readonly enrolledOrigins: EnrolledOrigins;
  readonly keyEncryptionKeys: KeyEncryptionKeys;
  /** public keys whose signature on a manifest counts */
  readonly publisherKeys: readonly JWK[];
  /** Unix milliseconds */
  readonly now: () => number;
  /** Told before a data key leaves; where it throws, none does. For the audit log. */
  readonly onRelease?: (release: KeyRelease) => Promise<void>;
}

const MODEL = "/origin/v1/models/:name/:version";

/** A sub-application to be mounted at control's root. */
export function artifactRoutes(deps: ArtifactDeps): Hono {
  const app = new Hono();
  const authenticate = originAuthenticator(deps.enrolledOrigins, deps.now);
  let publishers: PublisherKeys | null = null;

  const refuse = (c: Context, refusal: Refusal): Response => {
    const given = answerOf(refusal);
    const id = newRequestId(deps.now(), crypto.getRandomValues(new Uint8Array(10)));
    const { body, contentType } = renderRefusal(given, id, c.req.header("accept") ?? null);
    const headers = {
      ...given.headers,
      "content-type": contentType,
      "cache-control": "private, no-store",
      "x-request-id": id,
    };
    return new Response(c.req.method === "HEAD" ? null : body, { status: given.status, headers });
  };

  /** Runs a route for a caller who may have this model. */
  const guarded =
    (route: (c: Context, caller: Caller, model: ModelRef) => Promise<Response | Refusal>) =>
    async (c: Context): Promise<Response> => {
      const caller = await authenticate(c.req.raw);
      if (caller === null)
        return refuse(c, { code: "invalid_api_key", presented: c.req.header("signature") !== undefined });
      const model = { name: c.req.param("name") ?? "", version: c.req.param("version") ?? "" };
      const may = caller.enrolment.models === undefined || caller.enrolment.models.includes(model.name);
      // an unknown name, one that could leave its folder, and one that this origin may not have look the same
      if (!may || keysOf(model) === null) return refuse(c, { code: "model_not_found", model: model.name });
      const answer = await route(c, caller, model);
      return answer instanceof Response ? answer : refuse(c, answer);
    };

  app.get(
    `${MODEL}/manifest`,
    guarded(async (_c, _caller, model) => {
      const object = await deps.models.get(objectKeys(model).manifest);
      if (object === null) return { code: "model_not_found", model: model.name };
      return new Response(await object.text(), {
        headers: { "content-type": "application/jose", "cache-control": "private, no-store" },
      });
    }),
  );

  app.get(
    `${MODEL}/artifact`,
    guarded(async (c, _caller, model) => {
      const answer = await serveArtifact(deps.models, objectKeys(model).artifact, c.req.raw);
      return answer ?? { code: "model_not_found", model: model.name };
    }),
  );

  app.post(
    `${MODEL}/data-key`,
    guarded(async (_c, caller, model) => {
      const stated = digestOf(caller.body);
      if (stated === null) return { code: "invalid_request", param: "digest", expected: "sha256: and 64 hex digits" };
      publishers ??= await importPublisherKeys(deps.publisherKeys);
      const found = await readSealed(deps.models, publishers, model);
      if (found === "missing") return { code: "model_not_found", model: model.name };
      if (found === "rejected") return { code: "backend_unavailable", missing: "a manifest that verifies" };
      // the origin must say first which file it will serve: an old version gets no key under a new one's name
      if (found.manifest.plain.digest !== stated)
        return { code: "invalid_request", param: "digest", expected: "the digest in the signed manifest" };
      const artifact = artifactId(model);
      const wrapped = wrappedKeySchema.safeParse(found.wrapped);
      if (!wrapped.success) return { code: "backend_unavailable", missing: "a data key" };
      const dataKey = await unwrapDataKey(wrapped.data, artifact, deps.keyEncryptionKeys).catch(nullOnDataKeyError);
      if (dataKey === null) return { code: "backend_unavailable", missing: "a data key" };
      const binding = { origin: caller.name, artifact, digest: stated, nonce: caller.nonce };
      const recorded = await record(deps, { origin: caller.name, artifact, digest: stated });
      if (!recorded) return { code: "log_unavailable" };
      const jwe = await releaseDataKey(dataKey, binding, await importReleaseKey(caller.enrolment.encryption_key));
      dataKey.fill(0);
      return new Response(jwe, {
        headers: { "content-type": "application/jose", "cache-control": "private, no-store" },
      });
    }),
  );

  app.onError((_error, c) => refuse(c, { code: "internal_error" }));
  return app;
}

/** What is told to the audit log before a data key leaves. */
export interface KeyRelease {
  readonly origin: string;
  /** `name@version` */
  readonly artifact: string;
  readonly digest: string;
}

async function record(deps: ArtifactDeps, release: KeyRelease): Promise<boolean> {
  try {
    await deps.onRelease?.(release);
    return true;
  } catch {
    return false;
  }
}

type ModelRef = { readonly name: string; readonly version: string };

function keysOf(model: ModelRef) {
  try {
    return objectKeys(model);
  } catch {
    return null;
  }
}

function digestOf(body: Uint8Array): string | null {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body));
    const digest = typeof parsed === "object" && parsed !== null && "digest" in parsed ? parsed.digest : null;
    return digestSchema.safeParse(digest).data ?? null;
  } catch {
    return null;
  }
}

async function readSealed(
  bucket: ArtifactBucket,
  keys: PublisherKeys,
  model: ModelRef,
): Promise<{ readonly manifest: Manifest; readonly wrapped: unknown } | "missing" | "rejected"> {
  const at = objectKeys(model);
  const [statement, dataKey] = await Promise.all([bucket.get(at.manifest), bucket.get(at.dataKey)]);
  if (statement === null || dataKey === null) return "missing";
  try {
    const manifest = await verifyManifest(await statement.text(), keys, model);
    return { manifest, wrapped: JSON.parse(await dataKey.text()) };
  } catch {
    return "rejected";
  }
}

function nullOnDataKeyError(error: unknown): null {
  if (error instanceof DataKeyError) return null;
  throw error;
}
