// What one language contributes: attacks and innocent texts in equal measure, so that no language is either.
export interface Tongue {
  readonly code: string;
  /** direct attacks: override, leak, persona, secret, hijack */
  readonly attacks: readonly string[];
  /** how instructions to a model inside a document begin */
  readonly address: readonly string[];
  /** what they ask for */
  readonly acts: readonly string[];
  /** ordinary requests and questions */
  readonly ordinary: readonly string[];
  /** innocent sentences with the attacks' words */
  readonly lookalikes: readonly string[];
  /** harmless statements and notes, as mails and pages hold them */
  readonly notes: readonly string[];
}
