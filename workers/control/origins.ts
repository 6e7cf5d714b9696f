// Mounts the routes of enrolled origins with what they need of configuration. A data key that leaves is an act that the
// audit log knows before it leaves.
import { PLATFORM_TENANT } from "../../identity/issuer-rule.ts";
import { artifactRoutes } from "./artifacts.ts";
import { type ControlContext, refuse } from "./http.ts";

export async function originRoutes(c: ControlContext): Promise<Response> {
  const { enrolledOrigins, keyEncryptionKeys, publisherKeys } = c.get("config");
  if (keyEncryptionKeys === null) return refuse(c, { code: "not_initialised", command: "npx bartizan doctor" });
  const app = artifactRoutes({
    models: c.env.MODELS,
    enrolledOrigins,
    keyEncryptionKeys,
    publisherKeys,
    now: Date.now,
    onRelease: async ({ origin, artifact }) => {
      const actor = { requestId: c.get("requestId"), credentialId: origin };
      await c.get("directory").record("data_key.release", PLATFORM_TENANT, artifact, actor);
    },
  });
  app.notFound(() => refuse(c, { code: "not_found" }));
  // to control's own handler, which tells the log no more than the name
  app.onError((error) => {
    throw error;
  });
  return await app.fetch(c.req.raw);
}
