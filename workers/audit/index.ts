// The audit Worker: appends, proves and exports, and can do nothing else.
import { handleAudit } from "./app.ts";
import type { AuditEnv } from "./config.ts";

export { Append, VerificationKeys } from "./entrypoints.ts";
export { AuditLog, Sink } from "./objects.ts";

export default { fetch: handleAudit } satisfies ExportedHandler<AuditEnv>;
