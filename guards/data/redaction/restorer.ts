// Puts the data back into an answer, whole or as it streams: a placeholder cut over chunks is held until it is whole or
// can no longer become one, at most its own length.
import type { Redaction, RedactOptions } from "./redaction.ts";

export interface Restorer {
  /** Takes the next part and returns what can be sent of what is there. */
  push(part: string): string;
  /** Returns what is still held. */
  end(): string;
}

/** A whole text restored. */
export function restore(text: string, redaction: Redaction, options: RedactOptions = {}): string {
  const restorer = createRestorer(redaction, options);
  return restorer.push(text) + restorer.end();
}

/** One for each text that streams: each choice's content, each tool call's arguments. */
export function createRestorer(redaction: Redaction, { json = false }: RedactOptions = {}): Restorer {
  if (redaction.isEmpty) return { push: (part) => part, end: () => "" };
  const placeholder = new RegExp(`\\[[A-Z0-9_]{1,64}_[0-9]{1,9}_${redaction.nonce}\\]`, "g");
  const spelling = (value: string) => (json ? JSON.stringify(value).slice(1, -1) : value);
  const replaced = (text: string) =>
    text.replace(placeholder, (found) => {
      const value = redaction.valueOf(found);
      return value === undefined ? found : spelling(value);
    });
  let held = "";
  return {
    push(part) {
      const text = held + part;
      const open = openPlaceholder(text, redaction.longest);
      held = text.slice(open);
      return replaced(text.slice(0, open));
    },
    end() {
      const rest = held;
      held = "";
      return replaced(rest);
    },
  };
}

/** Where a placeholder may have begun that is not at its end yet; the length of the text where none has. */
function openPlaceholder(text: string, longest: number): number {
  const from = Math.max(0, text.length - longest + 1);
  const bracket = text.lastIndexOf("[");
  if (bracket < from) return text.length;
  return /^\[[A-Za-z0-9_]*$/.test(text.slice(bracket)) ? bracket : text.length;
}
