export { FakeLog } from "./fake-log.ts";
export { TestLedger } from "./test-ledger.ts";
export default { fetch: () => new Response(null, { status: 404 }) };
