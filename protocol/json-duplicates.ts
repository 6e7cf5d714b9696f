// Finds the name of a duplicated key, in text that JSON.parse has accepted. Slow on purpose and rarely run: the reader
// only comes here when the count of colons and the count of keys differ. Keys are compared as JSON.parse decodes them,
// so `"m\u006fdel"` and `"model"` are one.

interface Level {
  /** null for an array */
  readonly seen: Set<string> | null;
  key: string;
  index: number;
}

const STRING = /"(?:[^"\\]|\\.)*"/y;

/** The path of the second of two equal keys; empty where there is none. */
export function duplicateKey(text: string): readonly PropertyKey[] {
  const levels: Level[] = [];
  let expectKey = false;
  for (let i = 0; i < text.length; i++) {
    const top = levels.at(-1);
    switch (text[i]) {
      case "{":
        levels.push({ seen: new Set(), key: "", index: 0 });
        expectKey = true;
        break;
      case "[":
        levels.push({ seen: null, key: "", index: 0 });
        expectKey = false;
        break;
      case "}":
      case "]":
        levels.pop();
        expectKey = false;
        break;
      case ",":
        if (top !== undefined) top.index++;
        expectKey = top?.seen != null;
        break;
      case '"': {
        const raw = stringAt(text, i);
        i += raw.length - 1;
        if (!expectKey || top === undefined) break;
        expectKey = false;
        top.key = JSON.parse(raw) as string;
        if (top.seen?.has(top.key)) return levels.map((level) => (level.seen === null ? level.index : level.key));
        top.seen?.add(top.key);
        break;
      }
    }
  }
  return [];
}

function stringAt(text: string, at: number): string {
  STRING.lastIndex = at;
  return STRING.exec(text)?.[0] ?? '"';
}
