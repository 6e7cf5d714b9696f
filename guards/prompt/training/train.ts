// Rebuilds the classifier's weights: `node guards/prompt/training/train.ts`. Same corpora and recipe, same bytes.
// `--check` rebuilds without writing and exits 1 where the shipped digest differs.
import { createHash } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toBase64 } from "../../../protocol/encoding.ts";
import { WEIGHTS_DIGEST } from "../classifier/weights.ts";
import { assemble } from "./assemble.ts";
import { CORPORA, haveCorpora, readCorpora } from "./corpora.ts";
import { weightsBytes } from "./export.ts";
import { OPERATING_POINT } from "./operating-point.ts";
import { COMPOSED, SEED, TRAINING, VOCABULARY } from "./recipe.ts";
import { Trainer } from "./trainer.ts";
import { buildDictionary } from "./units.ts";

const WEIGHTS_FILE = fileURLToPath(new URL("../classifier/weights.ts", import.meta.url));

if (!haveCorpora()) {
  console.error(`no corpora at ${CORPORA}: the shipped weights stay as they are`);
  process.exit(1);
}
const started = Date.now();
const seconds = () => Math.round((Date.now() - started) / 1000);
const { train } = assemble(readCorpora(), () => false, SEED, COMPOSED);
const dictionary = buildDictionary(train, VOCABULARY);
console.log(`${train.length} texts, ${dictionary.units.length} distinct tokens, ${seconds()} s`);
const trainer = new Trainer(dictionary, {
  ...TRAINING,
  onEpoch: (epoch, loss) => console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(4)}, ${seconds()} s`),
});
const bytes = weightsBytes(dictionary, trainer.run(dictionary.examples), OPERATING_POINT);
const digest = createHash("sha256").update(bytes).digest("hex");
console.log(`${bytes.length} bytes, sha256 ${digest}`);
if (process.argv.includes("--check")) process.exit(digest === WEIGHTS_DIGEST ? 0 : 1);

const source = `// Written by guards/prompt/training/train.ts; do not edit. ${bytes.length} bytes of weights in base64.
export const WEIGHTS_DIGEST = "${digest}";
export const WEIGHTS =
  "${toBase64(bytes)}";
`;
// beside and then in place: whoever imports the weights meanwhile sees the old or the new, never half of one
writeFileSync(`${WEIGHTS_FILE}.new`, source);
renameSync(`${WEIGHTS_FILE}.new`, WEIGHTS_FILE);
