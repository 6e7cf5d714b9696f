// The kinds of words that make a detector worth running. A word here convicts nobody.

import { COMMANDS } from "./shell/words.ts";
import { COMPARE_WORDS, FUNCTIONS, LOGIC_WORDS, SCHEMA_WORDS, STRONG_FUNCTIONS, TELLING } from "./sql/words.ts";

export const WORDS = { sql: 1, shell: 2, agent: 4, weakSql: 8 } as const;

export const SCANNERS =
  "sqlmap nikto nuclei nessus openvas openvasvt acunetix wpscan dirbuster gobuster ffuf fuff masscan zgrab nmap havij w3af netsparker arachni jorgee joomscan whatweb zmeu morfeus skipfish jaeles feroxbuster dirsearch wfuzz commix xsser burpcollaborator projectdiscovery interactsh brutus hydra medusa paros webinspect appscan qualys detectify grabber grendel nsauditor absinthe pangolin sqlninja bsqlbf fimap metasploit vega whatsweb wprecon cmsmap droopescan xspider zaproxy owaspzap tplmap ssrfmap dotdotpwn fuzz faster fool nasl";

const lexicon = new Map<string, number>();
function add(words: Iterable<string>, kind: number): void {
  for (const word of words) lexicon.set(word, (lexicon.get(word) ?? 0) | kind);
}
add(STRONG_FUNCTIONS, WORDS.sql);
add(SCHEMA_WORDS, WORDS.sql);
add(
  "select union insert update delete drop truncate alter create exec execute declare waitfor shutdown grant revoke backup restore having procedure benchmark sleep merge replace begin goto handler prepare attach pragma order group case rename outfile dumpfile".split(
    " ",
  ),
  WORDS.sql,
);
add("tempdb msdb msdasql sqloledb replace values".split(" "), WORDS.weakSql);
add(LOGIC_WORDS, WORDS.weakSql);
add(COMPARE_WORDS, WORDS.weakSql);
add(FUNCTIONS, WORDS.weakSql);
add(TELLING, WORDS.weakSql);
add(COMMANDS.keys(), WORDS.shell);
add(SCANNERS.split(" "), WORDS.agent);

export const LEXICON: ReadonlyMap<string, number> = lexicon;
