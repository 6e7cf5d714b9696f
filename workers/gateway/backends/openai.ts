// An origin of kind `openai`: any server that speaks OpenAI's API, with an upstream key of its own. It is not attested:
// it signs nothing, and what it says it serves is taken on trust by whoever wrote the policy.
import type { Backend } from "./backend.ts";
import { answerOfReply, PATHS, send } from "./http.ts";

export function openAiBackend(baseUrl: string, apiKey: string | null): Backend {
  const base = baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "");
  return async (call) => {
    const headers: Record<string, string> = {
      "content-type": "application/json",
      accept: call.upstream.stream ? "text/event-stream" : "application/json",
      "user-agent": "bartizan",
    };
    if (apiKey !== null) headers.authorization = `Bearer ${apiKey}`;
    const init = { method: "POST", headers, body: call.upstream.body };
    const reply = await send(base + PATHS[call.endpoint], init, call.signal);
    return reply instanceof Response ? answerOfReply(reply, call) : reply;
  };
}
