// All rules for secrets.
import type { DataRule } from "../rule.ts";
import { CLOUD } from "./cloud.ts";
import { DEVELOPMENT } from "./development.ts";
import { IDENTIFIERS } from "./identifiers.ts";
import { KEYS } from "./keys.ts";
import { LINKS } from "./links.ts";
import { COMMERCE, MESSAGING, MODELS } from "./services.ts";

export const SECRET_RULES: readonly DataRule[] = [
  ...CLOUD,
  ...DEVELOPMENT,
  ...MODELS,
  ...MESSAGING,
  ...COMMERCE,
  ...KEYS,
  ...LINKS,
  ...IDENTIFIERS,
];
