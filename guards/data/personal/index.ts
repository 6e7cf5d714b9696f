// All rules for personal data. Names and places of people are not among them: to tell them from other words takes a
// model, not a form.
import type { DataRule } from "../rule.ts";
import { AMERICAS } from "./americas.ts";
import { ASIA } from "./asia.ts";
import { BRITAIN } from "./britain.ts";
import { CONTACT } from "./contact.ts";
import { DOCUMENTS } from "./documents.ts";
import { EUROPE } from "./europe.ts";
import { FINANCIAL } from "./financial.ts";
import { GERMANY } from "./germany.ts";
import { NETWORK } from "./network.ts";
import { PACIFIC_AFRICA } from "./pacific-africa.ts";

export const PERSONAL_RULES: readonly DataRule[] = [
  ...CONTACT,
  ...FINANCIAL,
  ...NETWORK,
  ...AMERICAS,
  ...BRITAIN,
  ...GERMANY,
  ...EUROPE,
  ...ASIA,
  ...PACIFIC_AFRICA,
  ...DOCUMENTS,
];
