// A stream from backend to client. The head is held for the first event, at most a second and 16 KiB, so that an error
// before the first token has a status; from then on the head is out, and an error is an event.
import { BackendStream } from "./backend-stream.ts";
import { ClientStream } from "./client-stream.ts";
import { isRefusal, type Step } from "./products.ts";
import { type Relay, type Relayed, settleRefused } from "./relayed.ts";

export async function relayStream(relay: Relay): Promise<Step<Relayed>> {
  const source = new BackendStream(relay);
  const head = await source.head();
  if (isRefusal(head)) {
    source.stop();
    return settleRefused(head, relay);
  }
  return { body: new ClientStream(source, head, relay).body, contentType: "text/event-stream; charset=utf-8" };
}
