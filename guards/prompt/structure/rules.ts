// Structure rules, as data: marks by which a text claims to be more than one speaker's text. Scores are signals to the
// classifier and to policy; few rules block by themselves, since chat logs, documentation and code hold most of these.
//
// Every repetition is bounded, so that matching takes time linear in the text. Letters match in either case.

export interface StructureRule {
  /** stands in verdicts and in the audit record: never renamed */
  readonly id: string;
  /** What a finding scores, 0 to 1. At `BLOCK_AT` and above it blocks by itself; below it is a signal. */
  readonly score: number;
  /** the same in texts that nobody vouches for: tool results, files, names */
  readonly untrusted: number;
  readonly reason: string;
}

export interface PatternRule extends StructureRule {
  /** source of a regular expression without capturing groups; flags `g`, `i`, `m` and `u` */
  readonly pattern: string;
}

/** From this score on, a structure finding blocks by itself where policy lets structure checks block. */
export const BLOCK_AT = 0.9;

const PRIVILEGED =
  "(?:system|developer|root|admin(?:istrator)?|syst[e\u00e8]me|sistema|\u0441\u0438\u0441\u0442\u0435\u043c\u0430|\u7cfb\u7edf|\u7cfb\u7d71|\u30b7\u30b9\u30c6\u30e0)";
const SPEAKER =
  "(?:human|user|assistant|ai|bot|chatgpt|gpt|claude|gemini|llama|\u7528\u6237|\u52a9\u624b|\u0410\u0441\u0441\u0438\u0441\u0442\u0435\u043d\u0442)";
const TEXT = "(?:prompt|message|instructions?|rules?|directives?|override|update|note|notice|command)";
const GAP = "[ \\t]{0,8}";

export const PATTERN_RULES: readonly PatternRule[] = [
  {
    id: "structure.system_turn",
    score: 0.5,
    untrusted: 0.6,
    pattern: `^${GAP}(?:[#*>\\[(]{1,6}${GAP})?${PRIVILEGED}(?:[ _-]${TEXT})?${GAP}[\\])*]{0,4}${GAP}[:\uff1a]`,
    reason: "a line that speaks as the system or the developer",
  },
  {
    id: "structure.header",
    score: 0.4,
    untrusted: 0.5,
    pattern: `^${GAP}(?:#{1,6}|\\*\\*)${GAP}(?:new |updated? |real |actual )?(?:${PRIVILEGED}[ _-]?${TEXT}|instructions?|response|input)${GAP}(?:\\*\\*)?${GAP}[:\uff1a]`,
    reason: "a heading of an instruction template",
  },
  {
    id: "structure.bracket_role",
    score: 0.5,
    untrusted: 0.6,
    pattern: `[\\[{<]{1,2}${GAP}/?${GAP}(?:${PRIVILEGED}|end of (?:prompt|input|context|document))(?:[ _-]${TEXT})?${GAP}[\\]}>]{1,2}`,
    reason: "a tag or bracket that opens or closes a part of the system",
  },
  {
    id: "structure.breakout",
    score: 0.7,
    untrusted: 0.8,
    pattern: `</(?:user|user_input|input|document|context|data|tool_result|tool_response|function_result|search_results?|query|untrusted)>\\s{0,32}<(?:${PRIVILEGED}|instructions?|assistant|tool_call)(?:[ _-]${TEXT})?>`,
    reason: "closes the part that holds the data and opens one that gives orders",
  },
  {
    id: "structure.role_json",
    score: 0.5,
    untrusted: 0.7,
    pattern: `["']role["']\\s{0,8}:\\s{0,8}["'](?:system|developer)["']`,
    reason: "a message of a system role, as JSON",
  },
  {
    id: "structure.tool_json",
    score: 0.3,
    untrusted: 0.5,
    pattern: `<(?:tool_call|function_call|function_calls|invoke)\\b|["'](?:tool_calls|function_call)["']\\s{0,8}:`,
    reason: "a tool call, as models write it",
  },
  {
    id: "structure.delimiter",
    score: 0.6,
    untrusted: 0.7,
    pattern: `(?:[-=*#_~<>\\[]{2,16}|^)${GAP}(?:begin|start|end)(?: of)?(?: the)?(?: new| real| actual| original| hidden)?(?: ${PRIVILEGED}| user| input)?[ _](?:prompt|instructions?|message|input|rules)\\b${GAP}[-=*#_~<>\\]:]{0,16}`,
    reason: "a mark that ends the given text or begins new instructions",
  },
];

/** One turn of a written dialogue; many of them are counted, one says nothing. */
export const TURN_PATTERN = `^${GAP}(?:#{1,6} |\\*\\*|\\[|<)?(?:${SPEAKER}|${PRIVILEGED})(?:\\*\\*|\\]|>)?${GAP}[:\uff1a](?:\\*\\*)?`;

export const MEASURE_RULES = {
  dialogue: {
    id: "structure.dialogue",
    score: 0.3,
    untrusted: 0.4,
    reason: "turns of a conversation written into one text",
  },
  manyShot: {
    id: "structure.many_shot",
    score: 0.6,
    untrusted: 0.7,
    reason: "so many written turns that they teach the model how to answer",
  },
  hiddenTags: {
    id: "structure.hidden_tags",
    score: 0.95,
    untrusted: 0.95,
    reason: "text in tag characters, which nothing shows",
  },
  hiddenSelectors: {
    id: "structure.hidden_selectors",
    score: 0.95,
    untrusted: 0.95,
    reason: "data in variation selectors, which nothing shows",
  },
  invisible: {
    id: "structure.invisible",
    score: 0.7,
    untrusted: 0.7,
    reason: "many invisible characters between letters of an alphabet that needs none",
  },
  override: {
    id: "structure.bidi_override",
    score: 0.5,
    untrusted: 0.6,
    reason: "an order of writing by which people and models read different texts",
  },
  marks: {
    id: "structure.stacked_marks",
    score: 0.4,
    untrusted: 0.4,
    reason: "stacks of marks on letters",
  },
  unprintable: {
    id: "structure.unprintable",
    score: 0.5,
    untrusted: 0.5,
    reason: "control characters, private use and broken characters in number",
  },
  stuffing: {
    id: "structure.token_stuffing",
    score: 0.5,
    untrusted: 0.5,
    reason: "a long run of tokens of one character each",
  },
  bomb: {
    id: "structure.repetition_bomb",
    score: 0.95,
    untrusted: 0.95,
    reason: "a long text that repeats itself and says nothing else",
  },
  repetition: {
    id: "structure.repetition",
    score: 0.4,
    untrusted: 0.4,
    reason: "a long text that mostly repeats itself",
  },
  oversize: {
    id: "structure.oversize",
    score: 0.3,
    untrusted: 0.3,
    reason: "one text that would fill most models' context",
  },
  cutOff: {
    id: "structure.decoding_cut_off",
    score: 0.8,
    untrusted: 0.8,
    reason: "more encodings in one text than are decoded: something is hidden or meant to exhaust",
  },
} as const satisfies Readonly<Record<string, StructureRule>>;

/** Every rule of this room; those of chat-template tokens are in template-rules.ts. */
export const STRUCTURE_RULES: readonly StructureRule[] = [...PATTERN_RULES, ...Object.values(MEASURE_RULES)];
