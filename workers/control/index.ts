// Control as a Worker of its own: mints and administers, hosts the key directory, cannot see prompts.
import { handleControl } from "./app.ts";
import type { ControlEnv } from "./config.ts";

export { KeyDirectory } from "../../durable-objects/key-directory/object.ts";

export default { fetch: handleControl } satisfies ExportedHandler<ControlEnv>;
