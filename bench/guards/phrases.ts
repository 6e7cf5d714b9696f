// What the rules of phrases find, by rule and by family: benign texts that they would refuse first, then the share of
// each family of attacks. Of the corpora beside the repository; texts are printed only where asked for.
//   node bench/guards/phrases.ts [--show benign|missed] [--rule ID] [--family NAME]
import { parseArgs } from "node:util";
import { findPhrases, PHRASE_RULES } from "../../guards/prompt/phrases/index.ts";
import { type CorpusRow, haveCorpora, readCorpora } from "../../guards/prompt/training/corpora.ts";
import { HARD_NEGATIVES } from "../../guards/prompt/training/families.ts";

const { values } = parseArgs({
  options: { show: { type: "string" }, rule: { type: "string" }, family: { type: "string" } },
});
if (!haveCorpora()) {
  console.error("no corpora beside the repository: ../shared/corpora is absent");
  process.exit(2);
}

interface Judged {
  readonly row: CorpusRow;
  readonly rules: readonly string[];
}

const judged: Judged[] = readCorpora()
  .filter(({ corpus }) => values.family === undefined || corpus === values.family)
  .map((row) => {
    const findings = findPhrases(row.text, row.role === "tool" ? "untrusted" : "user");
    const wanted = findings.filter(({ rule }) => values.rule === undefined || rule === values.rule);
    show(row, wanted);
    return { row, rules: wanted.map(({ rule }) => rule) };
  });

function show(row: CorpusRow, findings: ReturnType<typeof findPhrases>): void {
  if (values.show === "benign" && row.label === "benign")
    for (const { rule, start, end } of findings)
      console.log(
        `${row.corpus} ${row.role} ${rule}: ${JSON.stringify(row.text.slice(Math.max(0, start - 60), start))} >> ${JSON.stringify(row.text.slice(start, end))} << ${JSON.stringify(row.text.slice(end, end + 40))}`,
      );
  if (values.show === "missed" && row.label === "injection" && findings.length === 0)
    console.log(`${row.corpus} ${row.role}: ${JSON.stringify(row.text.slice(0, 300))}`);
}

const share = (some: number, of: number) => `${some}/${of} ${of === 0 ? "" : ((100 * some) / of).toFixed(2)}%`;
const ids = [...PHRASE_RULES.map(({ id }) => id), "any"];
const hits = (rows: readonly Judged[], id: string) =>
  rows.filter(({ rules }) => (id === "any" ? rules.length > 0 : rules.includes(id))).length;

const benign = judged.filter(({ row }) => row.label === "benign");
for (const [name, rows] of [
  ["benign, user", benign.filter(({ row }) => row.role === "user")],
  ["benign, untrusted", benign.filter(({ row }) => row.role === "tool")],
  ["look-alikes", benign.filter(({ row }) => HARD_NEGATIVES.has(row.corpus))],
] as const)
  for (const id of ids) console.log(`${name.padEnd(18)} ${id.padEnd(18)} ${share(hits(rows, id), rows.length)}`);

for (const label of ["benign", "injection"] as const) {
  console.log(label === "benign" ? "\nbenign families with hits" : "\nattacks found");
  const families = Map.groupBy(
    judged.filter(({ row }) => row.label === label),
    ({ row }) => `${row.corpus} ${row.role}`,
  );
  for (const [family, rows] of families) {
    if (label === "benign" && hits(rows, "any") === 0) continue;
    const parts = ids.map((id) => `${id.replace("phrase.", "")} ${hits(rows, id)}`);
    console.log(`${family.padEnd(32)} ${share(hits(rows, "any"), rows.length).padEnd(18)} ${parts.join("  ")}`);
  }
}
