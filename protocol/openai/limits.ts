// Bounds of a typed request. Those that a user may set come from policy; the rest protect the gateway.

export interface RequestLimits {
  /** Messages of one request. Protects the validator: it is asked before any message is looked at. */
  readonly maxMessages: number;
  /** Content parts of all messages together. Protects as above. */
  readonly maxParts: number;
  /** Tools and functions that a request defines. Protects the prompt: each is text that the model reads. */
  readonly maxTools: number;
  /** Tool calls of all messages together. Protects as above. */
  readonly maxToolCalls: number;
  /** Texts, or lists of tokens, of one embeddings request. */
  readonly maxInputs: number;
  /** Tokens of an embeddings request that comes as numbers, all lists together. */
  readonly maxInputTokens: number;
  /** Choices of one request: each costs the whole output limit. */
  readonly maxChoices: number;
  /**
   * Hosts from which a backend may be told to fetch media over https. Empty: media are data, since a URL that the
   * backend fetches is a request made with the backend's address (server-side request forgery).
   */
  readonly mediaHosts: readonly string[];
}

export const DEFAULT_REQUEST_LIMITS: RequestLimits = {
  maxMessages: 1024,
  maxParts: 4096,
  maxTools: 128,
  maxToolCalls: 4096,
  maxInputs: 2048,
  maxInputTokens: 300_000,
  maxChoices: 128,
  mediaHosts: [],
};
