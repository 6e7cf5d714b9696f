// Words that disguised text is searched for: the commonest of ordinary requests, and those of which attacks are made.
// They bring word boundaries back where spaces were taken out, and tell a word that was cut, spelt in digits or turned
// round from a name that merely looks like one. English only: other languages are decoded too, but not cut into words.

const WORDS =
  "attacker attackers told task tasks said victim target targets payload inject injection confirm send sent sends payment invoice mail emails address addresses contact contacts calendar summary review reviews ticket tickets customer customers employee data question questions obeys " +
  "a abandon able about above access account act acting action actions activate activated actual add added " +
  "adding additionally address admin administrator after again against agent all already also always am amount " +
  "an and animal another answer answers any anything api apologise apologize app application are around art as " +
  "assistant assume at attack attacks attention authorised authorized available back balance bank base based " +
  "bash basic be because become been before begin begins being below benefits best better between big black " +
  "blob blog blue body bomb bombs book books bot both brand browser build business but buy by bypass bypassed " +
  "bypassing call called can cancel cancelled cannot car card case cash cat causes change character characters " +
  "chatbot check cipher cities city class classify clear click code coffee color come command commands common " +
  "company complete compliance comply confidential configuration consider constraint constraints content " +
  "context contexts conversation convert correct could counterfeit countries country create created creating " +
  "credential credentials credit current dangerous data database date dates day days debug decided decline " +
  "decode decoded default delete delivered describe description design destination detailed details developer " +
  "development did difference different directive directives directory disable disabled discard disclaimer " +
  "disclose dismiss display disregard disregarding do docs document documentation documents does dog doing done " +
  "down download drive drop drug drugs dump during each earlier earth easy economy effective either electric " +
  "email enable enabled encode encoded end entire environment erase error ethical ethics even every everything " +
  "evil exactly example examples execute exfiltrate existing experience explain exploit exploits explosive " +
  "expose extra false family famous features fetch few figure file files filter filtered filters final find " +
  "fire first five flight flights follow following food football for foregoing forget forgotten format former " +
  "forward found four fraud free freedom freely from full function functions future game generate get getting " +
  "give given go going good google got grant granted great green group guide guideline guidelines hack hacked " +
  "hacker hacking had harmful has hat have having he health hello help her here hidden high his history home " +
  "house how https human i idea ideas identify identity if ignore ignored ignores ignoring illegal image images " +
  "imagine immediately immoral import important improve in include includes including information initial " +
  "install installed instead instructed instruction instructions insurance interesting interface internal into " +
  "is issue issues it item items its jailbreak jailbroken just keep key keys kids kill kind know known landed " +
  "language large last latest leak leaked learn learning least legal length less let level library life light " +
  "like limitation limitations limits line link list little live local long look looking looks lot love low " +
  "machine made main make makes making malware many material may me meaning means media membership memory " +
  "message messages method methods might mode model money moral morality more most movie movies much multiple " +
  "murder music must my name names national natural need needed needs neglect net network never new next no " +
  "none not note nothing notice now number obey obeying object of off old on once one only onto open option " +
  "options or order orders origin original other our ours out output over override overriding overrule own page " +
  "park part passengers password passwords past path pattern payment people permission permissions person " +
  "persona personal phishing phone place places plain plan play please point points poison policies policy " +
  "popular possible post power preceding pretend previous price prices print prior private problem process " +
  "product professional program programming project prompt prompted prompts protocol protocols provide provided " +
  "public put pwned python query question questions read real really recent recipe red refusal refuse refusing " +
  "related remove repeat replace reply request required reservation reservations reset respond response " +
  "responses restart restricted restriction restrictions result results return reveal revealing reverse " +
  "reversed right robot role roleplay root round rule rules run running runs safeguard safeguards safety same " +
  "saved scam science script search season second secret secrets security see select send sensitive series " +
  "server set settings shall share short should show showing shows simple simulate since single size skip small " +
  "so social software some someone something song sorry source south space species specific start started " +
  "starts state states status steal stealing step steps still stolen stop storage story street string style " +
  "subject subsequent such sudo suggest summarise summarize summary support sure system table take team tell " +
  "test tests text texts than that the their theirs them then there these they thing things think this those " +
  "three through time times tips title to today token tokens too tool tools top total tracking training " +
  "transaction transfer translate travel tried trip true try trying turn turns tutorial two type types " +
  "uncensored under understand unethical unfiltered unique united unlimited unlock unlocked unrestricted until " +
  "up updated upload urgent url us use used useful user users uses using vacation value verbatim verify version " +
  "very via video virus visa visit want wanted warning warnings was water way ways we weapon weapons web " +
  "website well were what when where whether which while white who whole whom whose why will with within " +
  "without won word words work worked working works world would write writing wrote year years yes yet you your " +
  "yours yourself zip ";

const SIZE = 26;
/** A trie: for each node the node behind each letter, 0 for none. */
const NEXT: number[] = new Array<number>(SIZE).fill(0);
const ENDS: number[] = [0];

for (const word of WORDS.split(" ")) if (word !== "") addWord(word);
const TRIE = Uint16Array.from(NEXT);
const IS_WORD = Uint8Array.from(ENDS);
NEXT.length = 0;

function addWord(word: string): void {
  let node = 0;
  for (let at = 0; at < word.length; at++) {
    const cell = node * SIZE + word.charCodeAt(at) - 0x61;
    if (NEXT[cell] === 0) {
      NEXT[cell] = ENDS.length;
      ENDS.push(0);
      for (let letter = 0; letter < SIZE; letter++) NEXT.push(0);
    }
    node = NEXT[cell] as number;
  }
  ENDS[node] = 1;
}

/** The node of the empty word. */
export const ROOT = 0;
/** No word goes on like this. */
export const DEAD = 0;

/** @param unit a letter of either case; anything else is dead */
export function walk(node: number, unit: number): number {
  const letter = (unit | 0x20) - 0x61;
  return letter >= 0 && letter < SIZE ? (TRIE[node * SIZE + letter] as number) : DEAD;
}

export function endsWord(node: number): boolean {
  return IS_WORD[node] === 1;
}

/** Are the letters of [start, end) a word of the list? */
export function isWord(text: string, start = 0, end = text.length): boolean {
  let node = ROOT;
  for (let at = start; at < end; at++) {
    node = walk(node, text.charCodeAt(at));
    if (node === DEAD) return false;
  }
  return endsWord(node);
}

/** Share of a text's letters that are in known words of three letters and more. */
export function knownShare(text: string): number {
  let letters = 0;
  let known = 0;
  for (let at = 0; at < text.length; at++) {
    const start = at;
    let node: number = ROOT;
    let alive = true;
    for (; at < text.length; at++) {
      const letter = (text.charCodeAt(at) | 0x20) - 0x61;
      if (letter < 0 || letter >= SIZE) break;
      node = alive ? walk(node, letter + 0x61) : DEAD;
      alive = alive && node !== DEAD;
    }
    letters += at - start;
    if (alive && at - start > 2 && endsWord(node)) known += at - start;
  }
  return letters === 0 ? 0 : known / letters;
}
