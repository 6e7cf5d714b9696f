// Counts the words that disguised text is searched for, and writes them as a module:
//
//   node guards/prompt/training/vocabulary.ts
//
// A word's count is of texts that hold it, each corpus weighing as if it had at most a few hundred texts, so that none
// brings its subject in. Attacks count like ordinary texts: they are what is looked for. Other languages' words come with
// a handicap, so that they do not cut English ones. Phrases are what tells `you are a` from `you area`: English words that
// stand together more often than each by itself would have it, counted by their tokens.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readCorpora } from "./corpora.ts";

const OUT = fileURLToPath(new URL("../../text/vocabulary-words.ts", import.meta.url));
const MAX_TEXTS = 400;
const MAX_CHARS = 6000;
/** Words by language, and the handicap in bits. */
const LANGUAGES = [
  { name: "en", words: 12_500, handicap: 0, stop: "the and of to is in that you for with a" },
  { name: "de", words: 2000, handicap: 3, stop: "und nicht ist der die das ein eine mit auf für ich sie wie" },
  { name: "es", words: 1600, handicap: 3, stop: "los las una por para con del que como está más el" },
  { name: "fr", words: 1600, handicap: 3, stop: "les des une est dans pour vous avec sur pas je et du" },
  { name: "pt", words: 1200, handicap: 3, stop: "uma não para com você dos das em um os são ao" },
  { name: "it", words: 1600, handicap: 3, stop: "che della gli per con una sono del di il non nel" },
  { name: "nl", words: 600, handicap: 3, stop: "het een van en de dat niet zijn voor alle met op" },
  { name: "tr", words: 2200, handicap: 3, stop: "ve bir bu için ile olarak tüm ne da mı olan gibi" },
  { name: "id", words: 500, handicap: 3, stop: "yang dan untuk dengan ini itu tidak dari adalah pada" },
] as const;
/** Corpora that an English word and a phrase have to be in: names of one subject, and templates, are in one. */
const MIN_CORPORA = 3;
const PHRASE_CORPORA = 8;
/** What one corpus may add to a phrase's count, of its own texts' words. */
const MAX_SHARE = 0.001;
const PHRASES = 2600;
/** Shares of texts below which a short word is an abbreviation, by length. */
const RARE = [1, 1, 0.012, 0.0025, 0.0006];
/** What is written for a, b and c in lists counts as no word of its own. */
const ONE_LETTER = new Set(["a", "i"]);
/** Words of attacks that the corpora happen to hold too seldom. */
const ALSO =
  "obey obeys obeying abandon apologise authorised bombs dismiss erase foregoing hacked hacking neglect net ours overrule " +
  "overruled safeguard safeguards theirs zip disregarding disregarded circumvent circumvented exfiltrate exfiltration " +
  "forgetting ignoring bypasses bypassing unlocked uncensored unfiltered unrestricted unmoderated jailbroken jailbreaking " +
  "impersonate leaked leaking divulge divulging disclose verbatim preceding aforementioned heretofore superseded supersede " +
  "supersedes rescind rescinded nullify nullified void countermand wipe wiped masquerade roleplay roleplaying decrypt " +
  "decode decoded backwards phishing keylogger malware ransomware rootkit exploit exploits payload payloads";
const LINE = 112;
/** Classes of commonness: each is a bit and a half rarer than the one before. */
const CLASSES = 9;

type Counts = Map<string, number>;

interface Counted {
  /** by language: words to the share of its texts that hold them */
  readonly shares: readonly Counts[];
  /** English words to how many corpora hold them */
  readonly corpora: ReadonlyMap<string, ReadonlySet<string>>;
  /** two and three English words to how often they follow one another, and the words' number */
  readonly phrases: Counts;
  readonly tokens: number;
}

function languageOf(text: string): number {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  let best = 0;
  let most = 0;
  for (const [at, { stop }] of LANGUAGES.entries()) {
    const stops = new Set<string>(stop.split(" "));
    const hits = words.reduce((sum, word) => sum + (stops.has(word) ? 1 : 0), 0);
    if (hits > most) [best, most] = [at, hits];
  }
  return most * 12 >= words.length ? best : -1;
}

/** Words of a text, lower case, without accents; those with a digit or a mark inside are names of programs. */
function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  const bare = text.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  for (const [word] of bare.matchAll(/(?<![\p{L}\p{N}_@#/\\.<$-])\p{L}{1,20}(?![\p{L}\p{N}_@/\\=(-])/gu)) {
    // `camelCase` is no word, `IGNORE` and `Ignore` are
    if (/^(?:[a-z]+|[A-Z][a-z]*|[A-Z]+)$/.test(word)) words.add(word.toLowerCase());
  }
  return words;
}

/** Words that follow one another with a single space between. */
function* phrasesOf(text: string): Generator<string> {
  for (const [line] of text.matchAll(/[A-Za-z]+(?: [A-Za-z]+)+/g)) {
    const words = line.toLowerCase().split(" ");
    for (let at = 1; at < words.length; at++) {
      yield `${words[at - 1]} ${words[at]}`;
      if (at > 1) yield `${words[at - 2]} ${words[at - 1]} ${words[at]}`;
    }
  }
}

function count(): Counted {
  const counts: Counts[] = LANGUAGES.map(() => new Map());
  const corpora = new Map<string, Set<string>>();
  const phrasesBy = new Map<string, Counts>();
  const tokensBy = new Map<string, number>();
  const totals = LANGUAGES.map(() => 0);
  const rows = readCorpora();
  const sizes = new Map<string, number>();
  const groupOf = (row: (typeof rows)[number], language: number) => `${row.corpus}/${row.label}/${language}`;
  const read = rows
    .map((row) => ({ row, text: row.text.slice(0, MAX_CHARS) }))
    .map((item) => ({
      ...item,
      language: languageOf(item.text),
    }));
  for (const { row, language } of read) {
    const group = groupOf(row, language);
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  for (const { row, text, language } of read) {
    if (language < 0) continue;
    const weight = Math.min(1, MAX_TEXTS / (sizes.get(groupOf(row, language)) ?? 1));
    totals[language] = (totals[language] ?? 0) + weight;
    for (const word of wordsOf(text)) {
      const of = counts[language] as Counts;
      of.set(word, (of.get(word) ?? 0) + weight);
      if (language === 0) corpora.set(word, (corpora.get(word) ?? new Set()).add(row.corpus));
    }
    if (language > 0) continue;
    tokensBy.set(row.corpus, (tokensBy.get(row.corpus) ?? 0) + weight * (text.match(/[A-Za-z]+/g)?.length ?? 0));
    const of = phrasesBy.get(row.corpus) ?? new Map<string, number>();
    phrasesBy.set(row.corpus, of);
    for (const phrase of phrasesOf(text)) of.set(phrase, (of.get(phrase) ?? 0) + weight);
  }
  const { phrases, tokens } = spread(phrasesBy, tokensBy);
  const shares = counts.map((of, language) => {
    const total = totals[language] ?? 1;
    return new Map([...of].map(([word, n]) => [word, n / total]));
  });
  return { shares, corpora, phrases, tokens };
}

/** Phrases of many corpora, none of which counts for more than its share. */
function spread(
  phrasesBy: ReadonlyMap<string, Counts>,
  tokensBy: ReadonlyMap<string, number>,
): { readonly phrases: Counts; readonly tokens: number } {
  const phrases: Counts = new Map();
  const corpora: Counts = new Map();
  let tokens = 0;
  for (const [corpus, counts] of phrasesBy) {
    const words = tokensBy.get(corpus) ?? 0;
    tokens += words;
    for (const [phrase, times] of counts) {
      phrases.set(phrase, (phrases.get(phrase) ?? 0) + Math.min(times, MAX_SHARE * words));
      corpora.set(phrase, (corpora.get(phrase) ?? 0) + 1);
    }
  }
  return { phrases: new Map([...phrases].filter(([phrase]) => (corpora.get(phrase) ?? 0) >= PHRASE_CORPORA)), tokens };
}

interface Chosen {
  readonly english: Map<string, number>;
  readonly others: Map<string, number>;
  readonly phrases: Map<string, number>;
}

/** Word to class, 0 the commonest. */
function classes(): Chosen {
  const english = new Map<string, number>();
  const others = new Map<string, number>();
  const counted = count();
  for (const [language, shares] of counted.shares.entries()) {
    const { words, handicap } = LANGUAGES[language] as (typeof LANGUAGES)[number];
    const kept = [...shares]
      .filter(([word, share]) => share >= (RARE[word.length] ?? 0) || (language === 0 && ONE_LETTER.has(word)))
      .filter(([word]) => language > 0 || (counted.corpora.get(word)?.size ?? 0) >= MIN_CORPORA)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, words);
    const chosen = language === 0 ? english : others;
    for (const [word, share] of kept) {
      if (english.has(word) && language > 0) continue;
      const rank = Math.min(CLASSES, Math.max(0, Math.round((-Math.log2(share) + handicap) / 1.5)));
      chosen.set(word, Math.min(rank, chosen.get(word) ?? CLASSES));
    }
  }
  for (const word of ALSO.split(" ")) if (!english.has(word)) english.set(word, CLASSES - 2);
  return { english, others, phrases: phraseClasses(counted, english) };
}

/** What segment.ts asks for a word, and for a phrase of a class, in half bits. */
const wordPrice = (word: string, rank: number): number => 10 + 3 * rank + (word.length === 1 ? 5 : 0);
const phraseRank = (price: number): number => Math.min(CLASSES, Math.max(0, Math.round((price - 14) / 4)));
/** Half bits below which a phrase is no more than its words. */
const MIN_GAIN = 6;

/** The phrases that save most: how often each stands, times what it costs less than its words. */
function phraseClasses({ phrases, tokens }: Counted, english: ReadonlyMap<string, number>): Map<string, number> {
  const gains: { readonly phrase: string; readonly rank: number; readonly saved: number }[] = [];
  for (const [phrase, times] of phrases) {
    let apart = 0;
    for (const word of phrase.split(" ")) apart += wordPrice(word, english.get(word) ?? Number.NaN);
    const rank = phraseRank(-2 * Math.log2(times / tokens));
    const gain = apart - (14 + 4 * rank);
    if (gain >= MIN_GAIN && phrase.length <= 20) gains.push({ phrase, rank, saved: gain * times });
  }
  gains.sort((a, b) => b.saved - a.saved || (a.phrase < b.phrase ? -1 : 1));
  return new Map(gains.slice(0, PHRASES).map(({ phrase, rank }) => [phrase, rank]));
}

/** Front coding: how many letters of the word before are kept (`A` none), the others, and the class. */
function coded(words: Map<string, number>): string[] {
  const lines: string[] = [];
  let line = "";
  let before = "";
  for (const word of [...words.keys()].sort()) {
    let same = 0;
    while (same < word.length && word[same] === before[same]) same++;
    line += `${String.fromCharCode(0x41 + same)}${word.slice(same)}${words.get(word) ?? CLASSES}`;
    before = word;
    if (line.length < LINE) continue;
    lines.push(line);
    line = "";
  }
  return line === "" ? lines : [...lines, line];
}

const { english, others, phrases } = classes();
const literal = (words: Map<string, number>) =>
  coded(words)
    .map((line) => `  "${line}"`)
    .join(" +\n");
const module = `// Written by guards/prompt/training/vocabulary.ts: ${english.size} English words, ${phrases.size} phrases of them, and ${others.size} words
// of other languages, in order, with their commonness. Do not edit.

/** Front coded: a capital says how many letters of the word before are kept (\`A\`: none), a digit ends it: its class. */
export const ENGLISH_WORDS: string =
${literal(english)};

/** So too those of German, Spanish, French, Portuguese, Italian, Dutch, Turkish and Indonesian that English has not. */
export const OTHER_WORDS: string =
${literal(others)};

/** So too English words that often stand together, a space between. */
export const PHRASES: string =
${literal(phrases)};
`;
writeFileSync(OUT, module);
console.log(`${english.size} and ${others.size} words, ${phrases.size} phrases, ${module.length} bytes`);
