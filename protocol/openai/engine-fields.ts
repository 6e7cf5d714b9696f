// Fields outside OpenAI's API, which go to an engine where its model's policy names them: whose words they are, and which
// go to none. An engine may put any of them into the prompt, so what is not named here is judged as anyone's words.
import { paramPath } from "../param-path.ts";
import type { Writer } from "./fields.ts";

/** The form that an answer must take, as `response_format` says it elsewhere: vLLM, SGLang, llama.cpp, TGI. */
const FORMS = [
  "guided_json",
  "guided_regex",
  "guided_choice",
  "guided_grammar",
  "structured_outputs",
  "json_schema",
  "regex",
  "ebnf",
  "grammar",
] as const;

const WRITERS: ReadonlyMap<string, Writer> = new Map(FORMS.map((name) => [name, "operator"]));

export function engineWriter(name: string): Writer {
  return WRITERS.get(name) ?? "anyone";
}

/**
 * With these a client says itself what the model reads: another template than the model's own, or tokens and vectors that
 * no guard can read. They are refused at any depth, since engines take them from within `chat_template_kwargs` as well.
 */
const REPLACE_THE_PROMPT: ReadonlySet<string> = new Set([
  "chat_template",
  "prompt_template",
  "prompt_token_ids",
  "prompt_embeds",
  "input_ids",
  "input_embeds",
  "inputs_embeds",
  "raw",
]);

/** The place of a field that replaces the prompt; null where there is none. */
export function replacedPrompt(engine: Readonly<Record<string, unknown>>): string | null {
  const stack: { readonly node: object; readonly path: readonly PropertyKey[] }[] = [{ node: engine, path: [] }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, path } = next;
    for (const [key, inner] of Object.entries(node)) {
      const place = [...path, Array.isArray(node) ? Number(key) : key];
      if (!Array.isArray(node) && REPLACE_THE_PROMPT.has(key)) return paramPath(place) ?? key;
      if (typeof inner === "object" && inner !== null) stack.push({ node: inner, path: place });
    }
  }
  return null;
}
