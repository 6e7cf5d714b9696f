// What a backend can do, in the words of a model's policy. The field table says which of these a request needs.
// A request for anything that the model's policy does not list is refused before it leaves, with the field's name.

export const CAPABILITIES = [
  "chat",
  "embeddings",
  "stream",
  /** `system` and `developer` messages */
  "system_role",
  /** the backend knows `developer` itself; elsewhere it is written as `system`, which means the same */
  "developer_role",
  "tools",
  /** tools of type `custom`, whose input is text and not JSON */
  "custom_tools",
  /** `parallel_tool_calls: false` holds */
  "parallel_tool_calls",
  /** the deprecated `functions` and `function_call` */
  "functions",
  "json_object",
  "json_schema",
  "logprobs",
  "n",
  "stop",
  "seed",
  "penalties",
  "logit_bias",
  "images",
  /** audio that the client sends; none is ever asked for */
  "audio",
  "files",
  "prediction",
  "reasoning_effort",
  "verbosity",
  "dimensions",
  /** embeddings of token numbers: no guard can read them */
  "token_input",
] as const;

export type Capability = (typeof CAPABILITIES)[number];
