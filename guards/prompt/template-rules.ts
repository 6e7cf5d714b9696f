// Chat-template control tokens, as data. A model's turns are marked by such tokens; a server that tokenizes a rendered
// template as one text takes those in a client's text for real ones, and a tool's result can then speak as the system.
//
// Two kinds of finding, because a mention is not an attack:
//   forged   the tokens in the order in which a template opens or switches a turn: a start token with a role right
//            behind it, an end token with a start token right behind it. Prose, code and documentation about templates
//            hold single tokens, quoted or in lists, hardly ever this order. Blocked in mode `block`.
//   mention  a token by itself, whatever its family, known or of the same form. `</s>` is also HTML's strike-through,
//            `[INST]` also a word in prose, `<|endoftext|>` also a list of stop sequences. Reported, never blocked.
// Weak on purpose: a document that quotes a whole template is blocked (set the mode to `report` where that is ordinary),
// and a lone token that ends a turn is only reported, as is a role token with a space behind it in the middle of a line.
//
// Every repetition is bounded, so that matching takes time linear in the text.

export interface TemplateRule {
  /** stands in verdicts and in the audit record: never renamed */
  readonly id: string;
  readonly kind: "forged" | "mention";
  /** source of a regular expression without capturing groups; repetitions bounded; flags `m` and `u` */
  readonly pattern: string;
  readonly reason: string;
}

const ROLE = "(?:system|developer|user|assistant|tool|function|model|environment|ipython|observation)";
/** white space that templates put between a token and what follows */
const GAP = "\\s{0,32}";
/** what follows a token that is a role by itself, when someone is made to speak rather than the token mentioned */
const SPOKEN = "(?:[ \\t]{0,8}\\r?\\n|[\\p{L}\\p{N}_])";

export const TEMPLATE_RULES: readonly TemplateRule[] = [
  {
    id: "template.chatml",
    kind: "forged",
    pattern: `<\\|im_start\\|>(?:\\s{0,32}${ROLE}\\b|[A-Za-z_])|<\\|im_end\\|>${GAP}<\\|im_start\\|>`,
    reason: "opens or switches a turn of ChatML (Qwen, SmolLM, Hermes, OpenAI)",
  },
  {
    id: "template.kimi",
    kind: "forged",
    pattern: "<\\|im_(?:system|user|assistant)\\|>[^<]{0,64}<\\|im_middle\\|>",
    reason: "opens a turn of Kimi",
  },
  {
    id: "template.llama3",
    kind: "forged",
    pattern: `<\\|start_header_id\\|>[^<]{0,64}<\\|end_header_id\\|>|<\\|eot_id\\|>${GAP}<\\|start_header_id\\|>`,
    reason: "opens or switches a turn of Llama 3",
  },
  {
    id: "template.llama4",
    kind: "forged",
    pattern: `<\\|header_start\\|>[^<]{0,64}<\\|header_end\\|>|<\\|eot\\|>${GAP}<\\|header_start\\|>`,
    reason: "opens or switches a turn of Llama 4",
  },
  {
    id: "template.llama2",
    kind: "forged",
    pattern: `\\[INST\\]${GAP}<<SYS>>|\\[/INST\\][^\\[<]{0,512}</s>${GAP}(?:<s>)?${GAP}\\[INST\\]`,
    reason: "opens the system part or switches a turn of Llama 2",
  },
  {
    id: "template.mistral",
    kind: "forged",
    pattern: `\\[/SYSTEM_PROMPT\\]${GAP}\\[INST\\]|\\[(?:AVAILABLE_TOOLS|TOOL_RESULTS)\\]${GAP}[\\[{]|\\[TOOL_CALLS\\]${GAP}\\[?\\{`,
    reason: "closes the system part or forges tool traffic of Mistral",
  },
  {
    id: "template.gemma",
    kind: "forged",
    pattern: `<start_of_turn>${GAP}${ROLE}\\b|<end_of_turn>${GAP}<start_of_turn>|<\\|turn>${ROLE}\\b|<turn\\|>${GAP}<\\|turn>`,
    reason: "opens or switches a turn of Gemma",
  },
  {
    id: "template.bracket_roles",
    kind: "forged",
    pattern: `<\\|(?:system|user|assistant|tool|observation)\\|>${SPOKEN}|^[ \\t]{0,8}<\\|(?:system|user|assistant|tool|observation)\\|>[ \\t]{1,8}[\\p{L}\\p{N}]|<\\|end\\|>${GAP}<\\|(?:system|user|assistant|tool)\\|>`,
    reason: "opens or switches a turn of Phi, GLM, Zephyr or TinyLlama",
  },
  {
    id: "template.deepseek",
    kind: "forged",
    pattern: `<\uff5c(?:User|Assistant)\uff5c>${SPOKEN}|^[ \\t]{0,8}<\uff5c(?:User|Assistant)\uff5c>[ \\t]{1,8}[\\p{L}\\p{N}]|<\uff5cend\u2581of\u2581sentence\uff5c>\\s{0,32}<\uff5c(?:begin\u2581of\u2581sentence|User)\uff5c>|<\uff5ctool\u2581(?:calls|outputs|output|call)\u2581begin\uff5c>\\s{0,32}\\S`,
    reason: "opens or switches a turn of DeepSeek",
  },
  {
    id: "template.gpt_oss",
    kind: "forged",
    pattern: `<\\|start\\|>(?:${ROLE}\\b|functions\\.)|<\\|channel\\|>(?:analysis|commentary|final)\\b|<\\|(?:end|return|call)\\|>${GAP}<\\|start\\|>`,
    reason: "opens a turn or a channel of gpt-oss (harmony)",
  },
  {
    id: "template.command_r",
    kind: "forged",
    pattern: "<\\|START_OF_TURN_TOKEN\\|>\\s{0,32}<\\|(?:SYSTEM|USER|CHATBOT)_TOKEN\\|>",
    reason: "opens a turn of Command R",
  },
  {
    id: "template.granite",
    kind: "forged",
    pattern: "<\\|start_of_role\\|>[^<]{0,64}<\\|end_of_role\\|>",
    reason: "opens a turn of Granite",
  },
  {
    id: "template.token",
    kind: "mention",
    pattern: "<\\|[A-Za-z0-9_]{1,48}\\|?>|<\uff5c[A-Za-z\u2581_]{1,48}\uff5c>",
    reason: "has the form of a control token",
  },
  {
    id: "template.turn_word",
    kind: "mention",
    pattern:
      "<(?:start|end)_of_turn>|\\[/?INST\\]|<</?SYS>>|\\[/?(?:SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS)\\]|\\[TOOL_CALLS\\]",
    reason: "marks turns in Gemma, Llama 2 or Mistral",
  },
  {
    id: "template.sentence_mark",
    kind: "mention",
    pattern: "</s>\\s{0,32}<s>|<[be]os>",
    reason: "begins or ends a text for SentencePiece models",
  },
];
