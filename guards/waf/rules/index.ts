// Every rule, in one list.
import type { Rule } from "../rule.ts";
import { CODE_RULES } from "./code.ts";
import { DATA_RULES } from "./data.ts";
import { PATH_RULES } from "./path.ts";
import { PROTOCOL_RULES } from "./protocol.ts";
import { SHELL_RULES } from "./shell.ts";
import { SQL_RULES } from "./sql.ts";
import { SSRF_RULES } from "./ssrf.ts";
import { TEMPLATE_RULES } from "./template.ts";
import { XSS_RULES } from "./xss.ts";

export const WAF_RULES: readonly Rule[] = [
  ...SQL_RULES,
  ...SHELL_RULES,
  ...CODE_RULES,
  ...XSS_RULES,
  ...PATH_RULES,
  ...TEMPLATE_RULES,
  ...DATA_RULES,
  ...SSRF_RULES,
  ...PROTOCOL_RULES,
];
