// Tokens → text, as they come. One character may span several tokens, so bytes that are no character yet wait.
import type { LlamaModel, Token } from "node-llama-cpp";

/** Tokens that may wait for the rest of a character; a byte-level token at most, four bytes a character, and slack. */
const MAX_PENDING = 8;
/** Tokens of context that a detokenizer needs to decide about spaces. */
const CONTEXT_TOKENS = 8;
const INCOMPLETE = "\ufffd";

export class TokenText {
  readonly #model: LlamaModel;
  #context: Token[];
  #pending: Token[] = [];

  /** @param prompt the tokens before the first one that is pushed */
  constructor(model: LlamaModel, prompt: readonly Token[]) {
    this.#model = model;
    this.#context = prompt.slice(-CONTEXT_TOKENS);
  }

  /** Text that this token completes; control tokens have none. */
  push(token: Token): string {
    this.#pending.push(token);
    const text = this.#text();
    return text.endsWith(INCOMPLETE) && this.#pending.length < MAX_PENDING ? "" : this.#settle(text);
  }

  flush(): string {
    return this.#settle(this.#text());
  }

  #text(): string {
    return this.#model.detokenize(this.#pending, false, this.#context);
  }

  #settle(text: string): string {
    this.#context = [...this.#context, ...this.#pending].slice(-CONTEXT_TOKENS);
    this.#pending = [];
    return text;
  }
}
