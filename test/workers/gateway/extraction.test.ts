// Systematic probing, in the pipeline with its real ledger: what a policy's mode does to a key that asks one template again
// and again, and to nobody else.
import { describe, expect, it } from "vitest";
import { type Answered, COMPLETION, type Edge, newEdge, POLICY, upstream } from "./edge.ts";
import { recordsOf } from "./fake-audit.ts";

const TEMPLATE_PROMPTS = 12;
const edgeIn = (mode: "off" | "event" | "slow" | "stop"): Promise<Edge> =>
  newEdge({
    POLICY: JSON.stringify({
      ...POLICY,
      guards: { extraction: { probing: { mode, template_prompts: TEMPLATE_PROMPTS } } },
    }),
  });

const PLACES =
  "Rome Oslo Lima Cairo Quito Paris Delhi Hanoi Accra Minsk Sofia Tunis Dhaka Kyiv Riga Bern Doha Baku Suva Male";
const probes = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => {
    const place = PLACES.split(" ")[at % 20] ?? "";
    return `Translate the following sentence into French and give only the translation: I live in ${place} number ${at}.`;
  });

const ask = (edge: Edge, content: string): Promise<Answered> => edge.chat({ messages: [{ role: "user", content }] });

async function askAll(edge: Edge, prompts: readonly string[]): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const prompt of prompts) answers.push(await ask(edge, prompt));
  return answers;
}

const verdictsOf = async ({ response }: Answered): Promise<string> =>
  JSON.stringify((await recordsOf(response.headers.get("x-request-id"), 1))[0]?.open);

describe("a key that probes one template", () => {
  it("event: every prompt passes, and the record of the last says what it looks like", async () => {
    upstream(() => Response.json(COMPLETION));
    const edge = await edgeIn("event");
    const answers = await askAll(edge, probes(2 * TEMPLATE_PROMPTS));
    expect(answers.map(({ response }) => response.status)).toEqual(answers.map(() => 200));
    const [first, last] = [answers[0], answers.at(-1)];
    if (first === undefined || last === undefined) throw new Error("no answers");
    expect(await verdictsOf(first)).not.toContain("extraction.probing");
    expect(await verdictsOf(last)).toContain('{"rule":"extraction.probing","action":"report","score":1}');
  });

  it("slow: a prompt that comes too soon is 429 with a time to wait, and other prompts pass meanwhile", async () => {
    upstream(() => Response.json(COMPLETION));
    const edge = await edgeIn("slow");
    const answers = await askAll(edge, probes(2 * TEMPLATE_PROMPTS));
    const slowed = answers.find(({ code }) => code === "probing_slowed");
    expect(slowed?.response.status).toBe(429);
    expect(Number(slowed?.response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await ask(edge, "How do I bake bread?")).response.status).toBe(200);
  });

  it("stop: it is 403 and recorded, its backend is not asked, and other prompts and other keys pass", async () => {
    const seen = upstream(() => Response.json(COMPLETION));
    const [edge, neighbour] = [await edgeIn("stop"), await edgeIn("stop")];
    const answers = await askAll(edge, probes(2 * TEMPLATE_PROMPTS));
    const last = answers.at(-1);
    if (last === undefined) throw new Error("no answers");
    expect([last.response.status, last.code]).toEqual([403, "probing_stopped"]);
    expect(await verdictsOf(last)).toContain('{"rule":"extraction.probing","action":"block","score":1}');
    expect(seen.length).toBe(answers.filter(({ response }) => response.status === 200).length);
    expect(await edge.openReservations()).toBe(0);
    expect((await ask(edge, "How do I bake bread?")).response.status).toBe(200);
    expect((await ask(neighbour, probes(1)[0] ?? "")).response.status).toBe(200);
  });

  it("off: nothing is noticed", async () => {
    upstream(() => Response.json(COMPLETION));
    const answers = await askAll(await edgeIn("off"), probes(2 * TEMPLATE_PROMPTS));
    const last = answers.at(-1);
    if (last === undefined) throw new Error("no answers");
    expect(last.response.status).toBe(200);
    expect(await verdictsOf(last)).not.toContain("extraction.probing");
  });

  it("one prompt asked again and again is no probing: it covers nothing", async () => {
    upstream(() => Response.json(COMPLETION));
    const edge = await edgeIn("stop");
    const answers = await askAll(
      edge,
      Array.from({ length: 2 * TEMPLATE_PROMPTS }, () => probes(1)[0] ?? ""),
    );
    expect(answers.map(({ response }) => response.status)).toEqual(answers.map(() => 200));
  });

  it("different questions are no probing", async () => {
    upstream(() => Response.json(COMPLETION));
    const edge = await edgeIn("stop");
    const questions = [
      "How tall is Everest?",
      "Write a poem on rain",
      "Fix this loop for me",
      "What rhymes with moon?",
      "Summarise the plot of Hamlet",
      "Why is the sky blue?",
      "Give me a soup recipe",
      "Who wrote Emma?",
      "Convert 3 miles to km",
      "Name five birds",
      "Explain recursion",
      "Draft a polite refusal",
      "Is tea better than coffee?",
      "What is a monad?",
      "Plan a week in Lisbon",
      "How do vaccines work?",
    ];
    const answers = await askAll(edge, questions);
    expect(answers.map(({ response }) => response.status)).toEqual(answers.map(() => 200));
  });
});
