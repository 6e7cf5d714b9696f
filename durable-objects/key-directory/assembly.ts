// The parts of a directory, put together over one storage.

import { PLATFORM_TENANT } from "../../identity/issuer-rule.ts";
import type { AppendRpc } from "../../protocol/rpc.ts";
import { Chores } from "./chores.ts";
import { ClientDesk } from "./clients/desk.ts";
import { ClientStore } from "./clients/store.ts";
import { DEFAULT_LOG } from "./core.ts";
import { type Desk, newDesk } from "./desk/context.ts";
import { finish } from "./desk/finish.ts";
import { itself, Journal } from "./journal.ts";
import { shipOutbox } from "./outbox.ts";
import { Keyring } from "./signing/keyring.ts";
import type { SigningEnv } from "./signing/settings.ts";
import { SigningStore } from "./signing/store.ts";
import { openTables, type Tables } from "./storage/tables.ts";
import type { Listeners } from "./tell.ts";
import { Throttle } from "./throttle.ts";

export interface DirectoryEnv extends Listeners, SigningEnv {
  readonly AUDIT: AppendRpc;
}

export interface Parts {
  readonly tables: Tables;
  readonly journal: Journal;
  readonly keyring: Keyring;
  readonly desk: Desk;
  readonly clientStore: ClientStore;
  readonly clients: ClientDesk;
  readonly chores: Chores;
}

/** @param commit one transaction, after which the alarm is armed */
export function assemble(sql: SqlStorage, env: DirectoryEnv, commit: <T>(work: () => T) => T): Parts {
  const tables = openTables(sql);
  const clientStore = new ClientStore(sql);
  tables.tenants.insert({ name: PLATFORM_TENANT, jurisdiction: "none", log: DEFAULT_LOG, created_at_ms: Date.now() });
  const journal = new Journal(tables, Date.now);
  const common = { now: Date.now, commit };
  const keyring = new Keyring({
    ...common,
    store: new SigningStore(sql),
    env,
    journal: (action, kid, actor) => journal.ofSigningKey(action, kid, actor ?? itself()),
  });
  const desk = newDesk({
    ...common,
    tables,
    keyring,
    to: env,
    journal: (action, credential, actor) => journal.ofCredential(action, credential, actor),
    event: (kind, tenant, target) => journal.event(kind, tenant, target),
    itself,
  });
  const clients = new ClientDesk({
    ...common,
    store: clientStore,
    throttle: new Throttle(),
    to: env,
    credential: (id) => tables.credentials.find(id),
    journal: (action, target, client, actor) => journal.act(action, client.log, client.tenant, target, actor),
    sign: (claims) => keyring.sign("access_token", claims),
  });
  const chores = new Chores([
    async () => ({ finished: await finish(desk), dueAtMs: tables.dues.nextMs() }),
    async () => ({ finished: await clients.finish(), dueAtMs: Number.POSITIVE_INFINITY }),
    async () => await keyring.tend(),
    // last, so that what the others did is shipped with it
    async () => ({ finished: await shipOutbox(tables.outbox, env.AUDIT), dueAtMs: Number.POSITIVE_INFINITY }),
  ]);
  return { tables, journal, keyring, desk, clientStore, clients, chores };
}
