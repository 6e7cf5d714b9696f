// How likely one Latin letter is behind another: what tells language from a cipher of it. Counted over ordinary texts in
// English and, with less weight, German, Spanish, Italian and Indonesian, accents removed.

/** Pairs of a..z and "no letter" (27 × 27), as log2 of the likelihood over chance, times 5, from `0` (-31) up. */
const TABLE =
  ";JPM9BL?M9HUPZ:K0WSXHJA;K@XXDC;]00;TC0V=8W50TI>V350P0QX7I:W20YS0PP94[=2PEUP000C6R" +
  "T:9G[=@9W75E>>T70KL8N?=0E2`QANQKEE:F1>PLVAH=XVO>GEID:^R380VQ10X03N30[00T@MN060N0]" +
  "S79<Z4HRU08L9JS90TMBQ030D0_[30:_000W00@;CW60I>MK060I0XOETOQML4<6ERM\\TI7MVV?N0=4ES" +
  "\\77A\\61=R1??8@[C7BP8Z96003PTC:E\\CAGX0<LDNP<0FRIM8B0I0]X?=QZB>3X0@VC;UD06LKNA90P0Z" +
  "[NB?\\:83U00BN=VT09K:M270O0YR:PWTEW@P8EA;HO;07RWGB10G:]EFLLBRG=F?FPRZLM0YNOUKP;>7X" +
  "W6:AY7:NS04VC9WP<YOOO010E0VG79=>060D00O90:6068>f62000SV?KM[@H9V0JGKJU@0HQPLD90M6[" +
  "N8L7V=0OT0ECA>QL:7QYN4A0D4`S:@4X92[W00E=7VA0PMJK6D0J6\\PLOLQAL9O6BUQWFN0XXV5;5;A>U" +
  "X558b050\\008=5R60<B4@200?0NX<::V20]Y0:B7MV20OJ=90@0;0YV5P3T??AW009B0G[909YF;4FG3]" +
  "M>C@Q582H07HIGYK0BPH@0=02<cZB?D]1?GX0AJEDS:0?AES=D3KNXVPSQMPLNSEGMQLQQ?NTWJGR7I:0";

/** Index of "no letter" in a pair. */
export const NO_LETTER = 26;
/** Scores are in fifths of a bit. */
export const BIGRAMS: Int8Array = Int8Array.from(TABLE, (cell) => cell.charCodeAt(0) - 0x30 - 31);
/** The score of the same pair read backwards, less the score as it stands. */
export const BACKWARDS: Int8Array = BIGRAMS.map(
  (score, pair) => (BIGRAMS[(pair % 27) * 27 + Math.floor(pair / 27)] as number) - score,
);

/** Mean score of a pair in [start, end) of a text, letters mapped by `map` (0 to 25 each); non-letters end words. */
export function fluency(text: string, start: number, end: number, map: (letter: number) => number): number {
  let before = NO_LETTER;
  let total = 0;
  let pairs = 0;
  for (let at = start; at < end; at++) {
    const letter = (text.charCodeAt(at) | 0x20) - 0x61;
    const next = letter >= 0 && letter < 26 ? map(letter) : NO_LETTER;
    if (before === NO_LETTER && next === NO_LETTER) continue;
    total += BIGRAMS[before * 27 + next] as number;
    pairs++;
    before = next;
  }
  return pairs === 0 ? 0 : total / pairs;
}
