// The directory's tables, one class each. Those of clients and of signing keys are beside what they serve.
import { BurntTable } from "./burnt.ts";
import { CredentialTable } from "./credentials.ts";
import { DueTable } from "./dues.ts";
import { EventTable } from "./events.ts";
import { OutboxTable } from "./outbox.ts";
import { SCHEMA } from "./schema.ts";
import { Sql } from "./sql.ts";
import { TenantTable } from "./tenants.ts";

export interface Tables {
  readonly tenants: TenantTable;
  readonly credentials: CredentialTable;
  readonly dues: DueTable;
  readonly events: EventTable;
  readonly outbox: OutboxTable;
  readonly burnt: BurntTable;
}

export function openTables(storage: SqlStorage): Tables {
  storage.exec(SCHEMA);
  const sql = new Sql(storage);
  return {
    tenants: new TenantTable(sql),
    credentials: new CredentialTable(sql),
    dues: new DueTable(sql),
    events: new EventTable(sql),
    outbox: new OutboxTable(sql),
    burnt: new BurntTable(sql),
  };
}
