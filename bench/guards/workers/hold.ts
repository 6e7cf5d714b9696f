// What one isolate holds of many bodies at once: each is read, parsed and kept until all have come, as if every other request
// stood at its worst place, and is judged then, one after another, all still held.
import { compilePromptGuard, judgePrompt } from "../../../guards/prompt/index.ts";
import { promptGuardOptions } from "../../../policy/guard-options.ts";
import { guardsSchema } from "../../../policy/guards.ts";
import { DEFAULT_JSON_LIMITS, readJsonObject } from "../../../protocol/json.ts";
import { DEFAULT_REQUEST_LIMITS, parseChatRequest, textOf } from "../../../protocol/openai/index.ts";

const guard = compilePromptGuard(
  promptGuardOptions({ guards: guardsSchema.parse({}), request: { max_prompt_chars: 4_000_000 } }),
);
const LOOK_MS = 10;
let read = 0;
let done = 0;

export default {
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const all = Number(url.searchParams.get("all"));
    const bytes = new Uint8Array(await request.arrayBuffer());
    const json = readJsonObject(bytes, DEFAULT_JSON_LIMITS);
    const parsed = json.ok ? parseChatRequest(json.value, DEFAULT_REQUEST_LIMITS) : null;
    if (parsed === null || !parsed.ok) return new Response("no chat request", { status: 400 });
    // none is waited for by a first one that only warms the Worker up
    if (all > 0) read++;
    while (read < all) await wait();
    const judged = judgePrompt([...textOf(parsed.request, parsed.engine)], guard);
    // nothing is let go before the last is judged
    if (all > 0) done++;
    while (done < all) await wait();
    return Response.json({ chars: judged.chars, bytes: bytes.length, members: Object.keys(parsed.request).length });
  },
};

function wait(): Promise<void> {
  return new Promise((go) => setTimeout(go, LOOK_MS));
}
