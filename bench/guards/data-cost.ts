// What the data rules cost: time of ordinary texts in pieces of 8 KB, and of 1 MB of hostile ones, doubled to see that
// the time doubles with them. The shortest of several runs, since others use the machine too.
import { compileDetector } from "../../guards/data/index.ts";
import { ordinaryPrompts } from "./data-corpora.ts";

const PIECE = 8192;
const HOSTILE: Readonly<Record<string, string>> = {
  digits: "1",
  "groups of digits": "1 23-4 ",
  cards: "4111 1111 1111 1112 ",
  "account numbers": "DE89 3704 ",
  "letters and dashes": "a-",
  tokens: "-eyJ-eyJ.eyJ",
  keys: "-----BEGIN PRIVATE KEY-----\n",
  "an endless key": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ",
  links: "a://b:c",
  "mail addresses": "a@b.c.",
  telephones: "+1 2 3 4 5 6 7 8 ",
  names: "key:token:",
  assignments: "key=token=",
};

export function measureCost() {
  const started = performance.now();
  const detector = compileDetector();
  const compileMs = performance.now() - started;
  let text = "";
  for (const prompt of ordinaryPrompts()) {
    if (text.length < PIECE * 200) text += `${prompt.text}\n`;
    else break;
  }
  const pieces = Array.from({ length: Math.floor(text.length / PIECE) }, (_, at) =>
    text.slice(at * PIECE, (at + 1) * PIECE),
  );
  const costs = pieces.map((piece) => shortest(12, () => detector.find(piece))).sort((a, b) => a - b);
  const hostile = Object.entries(HOSTILE).map(([name, unit]) => {
    const [half, whole] = [1 << 19, 1 << 20].map((length) => {
      const body = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
      return shortest(3, () => detector.find(body));
    });
    return [
      name,
      { megabyteMs: Math.round((whole ?? 0) / 1000), ratio: Math.round((100 * (whole ?? 0)) / (half ?? 1)) / 100 },
    ];
  });
  return {
    compileMs: Math.round(compileMs),
    pieces: costs.length,
    pieceMicrosecondsP50: Math.round(costs[Math.floor(costs.length / 2)] ?? 0),
    pieceMicrosecondsP99: Math.round(costs[Math.floor(costs.length * 0.99)] ?? 0),
    hostile: Object.fromEntries(hostile),
  };
}

/** Microseconds. */
function shortest(runs: number, work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    work();
    best = Math.min(best, (performance.now() - started) * 1000);
  }
  return best;
}
