// The fixed answers of the mock upstream, in the shape of OpenAI's API. They are made once and sent as they are: the
// upstream is to cost as little as it can, since it shares the machine with what is measured.

const ID = "chatcmpl-0123456789abcdef0123456789abcdef";
const CREATED = 1_767_225_600;
const WORDS = ["A", " bartizan", " is", " a", " small", " turret", " at", " the", " corner", " of", " a", " wall."];
export const USAGE = { prompt_tokens: 14, completion_tokens: WORDS.length, total_tokens: 14 + WORDS.length };

/** `chat.completion` */
export function completion(model: string): string {
  return JSON.stringify({
    id: ID,
    object: "chat.completion",
    created: CREATED,
    model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: WORDS.join(""), refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: USAGE,
  });
}

/** The events of a stream, each with its blank line: one a token, usage where it was asked for, `[DONE]`. */
export function streamEvents(model: string, includeUsage: boolean): string[] {
  const head = { id: ID, object: "chat.completion.chunk", created: CREATED, model };
  const usage = includeUsage ? { usage: null } : {};
  const choice = (delta: object, finish: string | null) =>
    event({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], ...usage });
  return [
    choice({ role: "assistant", content: "" }, null),
    ...WORDS.map((word) => choice({ content: word }, null)),
    choice({}, "stop"),
    ...(includeUsage ? [event({ ...head, choices: [], usage: USAGE })] : []),
    "data: [DONE]\n\n",
  ];
}

/** An embedding of `dimensions` numbers for each input, always the same. */
export function embeddings(model: string, inputs: number, dimensions = 384): string {
  const embedding = Array.from({ length: dimensions }, (_, i) => Math.fround(Math.sin(i + 1) / Math.sqrt(dimensions)));
  return JSON.stringify({
    object: "list",
    data: Array.from({ length: inputs }, (_, index) => ({ object: "embedding", index, embedding })),
    model,
    usage: { prompt_tokens: 6 * inputs, total_tokens: 6 * inputs },
  });
}

export function models(ids: readonly string[]): string {
  const data = ids.map((id) => ({ id, object: "model", created: CREATED, owned_by: "mock" }));
  return JSON.stringify({ object: "list", data });
}

export function apiError(message: string, type = "invalid_request_error"): string {
  return JSON.stringify({ error: { message, type, param: null, code: null } });
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
