// One request of the attack corpora.

export interface Sample {
  readonly family: string;
  /** what the family sorts it under: a rule's group, or a file */
  readonly group: string;
  readonly attack: boolean;
  /** what a person recognises it by */
  readonly text: string;
  readonly request: string;
  /** false where the string is no attack by itself: a bare word, a header's name, an answer's text */
  readonly substance: boolean;
  /** the level from which on the suite's own rule set would find it; absent where the suite has no levels */
  readonly level?: 1 | 2 | 3 | 4;
}
