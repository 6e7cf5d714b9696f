// Acts for the audit log and events for people, each written in the act's own commit.

import { PLATFORM_TENANT } from "../../identity/issuer-rule.ts";
import { toHex } from "../../protocol/encoding.ts";
import { newRequestId } from "../../protocol/ids.ts";
import { adminRecord, DEFAULT_LOG } from "./core.ts";
import type { Actor, Credential } from "./records.ts";
import type { Tables } from "./storage/tables.ts";

export class Journal {
  readonly #tables: Tables;
  readonly #now: () => number;

  constructor(tables: Tables, now: () => number) {
    this.#tables = tables;
    this.#now = now;
  }

  act(action: string, log: string, tenant: string, target: string, actor: Actor): void {
    this.#tables.outbox.put(log, adminRecord(action, tenant, target, actor, this.#now()));
  }

  ofTenant(action: string, tenant: string, target: string, actor: Actor): void {
    this.act(action, this.#tables.tenants.find(tenant)?.log ?? DEFAULT_LOG, tenant, target, actor);
  }

  ofCredential(action: string, { kind, log, tenant, id }: Credential, actor: Actor): void {
    this.act(`${kind === "client" ? "client" : "key"}.${action}`, log, tenant, id, actor);
  }

  ofSigningKey(action: string, kid: string, actor: Actor): void {
    this.act(action, DEFAULT_LOG, PLATFORM_TENANT, kid, actor);
    this.event(action, PLATFORM_TENANT, kid);
  }

  event(kind: string, tenant: string, target: string): void {
    this.#tables.events.put({ id: newEventId(), time_ms: this.#now(), kind, tenant, target });
  }
}

function newEventId(): string {
  return `evt_${toHex(crypto.getRandomValues(new Uint8Array(16)))}`;
}

/** Where no administrator acts: time does, or the directory cleans up after a crash. */
export function itself(): Actor {
  return {
    requestId: newRequestId(Date.now(), crypto.getRandomValues(new Uint8Array(10))),
    credentialId: "key-directory",
  };
}
