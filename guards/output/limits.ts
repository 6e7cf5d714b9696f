// Bounds of the output guard: what it may hold back, and what its rules may look at.

export interface OutputLimits {
  /** Characters that are in no rule's live partial match and are held all the same. Protects reading speed. */
  readonly maxHeldChars: number;
  /** Milliseconds for which such characters are held. Protects reading speed where a model is slow. */
  readonly maxHeldMs: number;
  /** Characters of one link; a longer one counts as a match unless its host is listed. Bounds what a link holds back. */
  readonly maxUrlChars: number;
  /** Characters between two characters of a canary (`c-a-n…`). Bounds what the start of one holds back. */
  readonly maxCanaryGap: number;
  /** Consecutive words of a system message that are a leak; a shorter message leaks as a whole. */
  readonly leakWords: number;
  /** A system message of fewer words is not guarded: "You are a helpful assistant." is in everyone's answers. */
  readonly leakMinWords: number;
  /** The same in scripts without spaces, where each character counts as a word. */
  readonly leakIdeographs: number;
  /** Share of a system message's five-word sequences that is a leak, however far apart they stand; 0 turns it off. */
  readonly leakShare: number;
  /** Characters that the start of a leak may hold back. Protects against words a thousand spaces apart. */
  readonly maxLeakHeldChars: number;
  /** Characters of one answer beside its texts that are judged, and may leave. Protects CPU: each string is a text of its own. */
  readonly maxExtraChars: number;
  /** Findings kept of one answer. Protects the audit leaf, which holds 16 KiB. */
  readonly maxFindings: number;
}

export const DEFAULT_OUTPUT_LIMITS: OutputLimits = {
  maxHeldChars: 64,
  maxHeldMs: 250,
  maxUrlChars: 2048,
  maxCanaryGap: 8,
  leakWords: 12,
  leakMinWords: 8,
  leakIdeographs: 20,
  leakShare: 0.5,
  maxLeakHeldChars: 1024,
  maxExtraChars: 65_536,
  maxFindings: 32,
};
