// The object under test, and fakes for what it calls.
export { KeyDirectory } from "../../../durable-objects/key-directory/object.ts";
export { FakeAppend, FakeGateway, FakeVerificationKeys } from "./fakes.ts";

export default { fetch: () => new Response(null, { status: 404 }) };
