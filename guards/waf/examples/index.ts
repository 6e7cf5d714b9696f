// Every rule's examples, in one table.
import { CODE_EXAMPLES } from "./code.ts";
import { DATA_EXAMPLES } from "./data.ts";
import type { Examples } from "./example.ts";
import { XSS_EXAMPLES } from "./markup.ts";
import { PATH_EXAMPLES } from "./paths.ts";
import { PROTOCOL_EXAMPLES } from "./protocol.ts";
import { SHELL_EXAMPLES } from "./shell.ts";
import { SQL_EXAMPLES } from "./sql.ts";

export type { Example, RuleExamples } from "./example.ts";

/** By rule id. */
export const WAF_EXAMPLES: Examples = {
  ...SQL_EXAMPLES,
  ...SHELL_EXAMPLES,
  ...CODE_EXAMPLES,
  ...XSS_EXAMPLES,
  ...PATH_EXAMPLES,
  ...DATA_EXAMPLES,
  ...PROTOCOL_EXAMPLES,
};
