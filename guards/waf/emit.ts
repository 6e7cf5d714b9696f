// How a detector says what it found: the rule, and where in the text that it was given.

export type EmitSpan = (rule: string, start: number, end: number) => void;
