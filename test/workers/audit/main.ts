// The audit Worker as it is deployed: nothing around it is faked.
export { Append, AuditLog, default, Sink, VerificationKeys } from "../../../workers/audit/index.ts";
