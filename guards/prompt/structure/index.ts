// Public names of the structure checks.
export { BLOCK_AT, STRUCTURE_RULES, type StructureRule } from "./rules.ts";
export { cutOffFinding, structureFindings } from "./structure.ts";
export { templateFindings } from "./template-findings.ts";
