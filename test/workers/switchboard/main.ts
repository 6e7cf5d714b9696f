// The object under test, and nothing else.
export { Switchboard } from "../../../durable-objects/switchboard/object.ts";

export default { fetch: () => new Response(null, { status: 404 }) };
