// The requests that a run sends: one route, one body, and how its answer is known to come from the upstream.
import { MOCK_EMBEDDING_MODEL, MOCK_MODEL } from "./mock-upstream.ts";

export const ROUTES = ["chat", "stream", "embeddings"] as const;
export type RouteName = (typeof ROUTES)[number];

export interface Route {
  readonly name: RouteName;
  readonly path: string;
  readonly body: string;
  /** stands in every right answer */
  readonly expect: string;
}

const SENTENCE = "A bartizan is a small turret that overhangs the corner of a wall, so that the wall is watched. ";

/** @param promptChars length of the text that a guard has to read */
export function benchRoute(name: RouteName, promptChars: number): Route {
  const text = SENTENCE.repeat(Math.ceil(promptChars / SENTENCE.length)).slice(0, promptChars);
  if (name === "embeddings") {
    const body = JSON.stringify({ model: MOCK_EMBEDDING_MODEL, input: text });
    return { name, path: "/v1/embeddings", body, expect: '"embedding"' };
  }
  const messages = [
    { role: "system", content: "Answer in one sentence." },
    { role: "user", content: text },
  ];
  const stream = name === "stream" ? { stream: true, stream_options: { include_usage: true } } : {};
  const body = JSON.stringify({ model: MOCK_MODEL, messages, temperature: 0.2, max_tokens: 64, ...stream });
  return { name, path: "/v1/chat/completions", body, expect: "turret" };
}
