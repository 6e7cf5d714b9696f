// Characters that show nothing, by what normalisation does with them.

/** What a code point becomes in the base view: removed, a space, a line feed, or what compatibility makes of it. */
export type Invisible = "gone" | " " | "\n" | null;

export function invisible(point: number): Invisible {
  if (point < 0x20) {
    if (point === 9 || point === 10 || point === 13) return null;
    return point === 11 || point === 12 ? " " : "gone";
  }
  if (point < 0x7f) return null;
  if (point < 0xa0) return point === 0x85 ? "\n" : "gone";
  if (point < 0x2000) return lowInvisible(point);
  if (point < 0x2100) return generalPunctuation(point);
  if (point === 0x3000 || point === 0x2800) return " ";
  if (point === 0x3164 || point === 0xffa0 || point === 0xfeff) return "gone";
  if (point >= 0xfe00 && point <= 0xfe0f) return "gone";
  if (point >= 0xfff9 && point <= 0xfffb) return "gone";
  if (point >= 0x1d173 && point <= 0x1d17a) return "gone";
  return point >= 0xe0000 && point <= 0xe0fff ? "gone" : null;
}

function lowInvisible(point: number): Invisible {
  if (point === 0xa0 || point === 0x1680) return " ";
  const gone =
    point === 0xad ||
    point === 0x34f ||
    point === 0x61c ||
    point === 0x115f ||
    point === 0x1160 ||
    point === 0x17b4 ||
    point === 0x17b5 ||
    (point >= 0x180b && point <= 0x180f);
  return gone ? "gone" : null;
}

function generalPunctuation(point: number): Invisible {
  if (point <= 0x200a || point === 0x202f || point === 0x205f) return " ";
  if (point === 0x2028 || point === 0x2029) return "\n";
  return point <= 0x200f || (point >= 0x202a && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f)
    ? "gone"
    : null;
}

/** Zero-width joiners that Indic scripts, Persian and emoji need, and selectors of emoji: no sign of a disguise alone. */
export function isOrdinaryInvisible(point: number): boolean {
  return (
    point === 0x200c || point === 0x200d || point === 0xfe0e || point === 0xfe0f || point === 0xad || point === 0xfeff
  );
}
