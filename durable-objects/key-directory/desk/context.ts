// What every act on a credential needs: rows, the keys that sign, whom to tell, and how an act is committed.
import type { Actor, Credential, CredentialKind } from "../records.ts";
import type { Keyring } from "../signing/keyring.ts";
import type { Tables } from "../storage/tables.ts";
import type { Listeners } from "../tell.ts";
import { Telling } from "./telling.ts";

export interface DeskDeps {
  readonly tables: Tables;
  readonly keyring: Keyring;
  readonly to: Listeners;
  readonly now: () => number;
  commit<T>(work: () => T): T;
  journal(action: string, credential: Credential, actor: Actor): void;
  event(kind: string, tenant: string, target: string): void;
  /** who acts where no administrator does */
  itself(): Actor;
}

export interface Desk extends DeskDeps {
  readonly telling: Telling;
  /** minted by a call that still runs: not orphans */
  readonly minting: Set<string>;
}

export function newDesk(deps: DeskDeps): Desk {
  return { ...deps, telling: new Telling(deps.tables.credentials, deps.to, deps.now), minting: new Set() };
}

export function find({ tables }: Desk, id: string, kind: CredentialKind): Credential | null {
  const credential = tables.credentials.find(id);
  return credential?.kind === kind ? credential : null;
}
