// The gateway as it is deployed, with the local Workers AI stand-in beside it; only the audit Worker is a fake.
export { EmbeddedAi } from "../../../workers/embedded-ai/index.ts";
export { AccountLedger, Admin, default, Switchboard } from "../../../workers/gateway/index.ts";
export { FakeAudit } from "./fake-audit.ts";
