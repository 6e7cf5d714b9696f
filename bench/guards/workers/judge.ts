// The guards inside workerd: judges the body as often as it is told, with all that the pipeline does to a prompt and to the
// answer that repeats it. Its clock stands still within a request, so whoever asks does the timing.
import { ChatStreamGuard, compileOutputGuard, outputRulesFor } from "../../../guards/output/index.ts";
import { compilePromptGuard, judgePrompt } from "../../../guards/prompt/index.ts";
import { outputGuardOptions, promptGuardOptions } from "../../../policy/guard-options.ts";
import { guardsSchema } from "../../../policy/guards.ts";

const policy = { guards: guardsSchema.parse({}), request: { max_prompt_chars: 4_000_000 } };
const DELTA_CHARS = 5;

let compiled: ReturnType<typeof compile> | null = null;

function compile() {
  return {
    prompt: compilePromptGuard(promptGuardOptions(policy)),
    output: compileOutputGuard(outputGuardOptions(policy)),
  };
}

export default {
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const times = Number(url.searchParams.get("times") ?? 1);
    const text = await request.text();
    let found = 0;
    if (times > 0) {
      compiled ??= compile();
      for (let i = 0; i < times; i++)
        found += url.pathname === "/answer" ? answer(text, compiled) : prompt(text, compiled);
    }
    return new Response(String(found));
  },
};

function prompt(text: string, { prompt: guard }: ReturnType<typeof compile>): number {
  return judgePrompt([{ where: "messages[0].content", role: "user", text }], guard).verdicts.length;
}

/** As a model streams it, under a system message of an ordinary length. */
function answer(text: string, { output }: ReturnType<typeof compile>): number {
  const rules = outputRulesFor({ system: [SYSTEM], others: [text.slice(0, 200)] }, output);
  if (rules === null) return 0;
  const guard = new ChatStreamGuard(rules, 1);
  for (let at = 0; at < text.length; at += DELTA_CHARS)
    guard.push(
      { choices: [{ index: 0, delta: { content: text.slice(at, at + DELTA_CHARS) }, finish_reason: null }] },
      at,
    );
  guard.push({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }, text.length);
  return guard.verdicts.length;
}

const SYSTEM =
  "You are the assistant of a travel agency. Answer in the language of the customer, never promise prices that are not in " +
  "the offers below, hand over to a person when somebody complains, and do not talk about other agencies.";
