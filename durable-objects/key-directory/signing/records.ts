// What control asks of the signing keys, and what it is answered. Plain data, and never a private key.
import type { LifecycleKey } from "../../../identity/key-set.ts";

export interface ListedKey extends LifecycleKey {
  readonly public_jwk: Readonly<Record<string, string>>;
}

export interface KeyList {
  readonly generation: number;
  /** that gateway and audit have both confirmed; lower than `generation` while a change is on its way */
  readonly confirmed_generation: number;
  readonly keys: readonly ListedKey[];
}

export type KeyFault =
  | "unknown"
  /** no key may sign yet: it is not known everywhere */
  | "not_ready"
  /** so many keys retire that no further one may be published */
  | "too_many"
  | "ledger_unavailable"
  | "log_unavailable";

export type SignOutcome =
  | { readonly done: true; readonly token: string }
  | { readonly done: false; readonly fault: KeyFault };

export type RotateOutcome =
  | { readonly done: true; readonly kid: string }
  | { readonly done: false; readonly fault: KeyFault };
