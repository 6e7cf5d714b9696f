// The entrypoint through which control administers ledgers. Reachable by service binding alone: no route leads here.
import { WorkerEntrypoint } from "cloudflare:workers";
import type { AccountRef, ChangeCommand, GatewayAdminRpc, ProvisionCommand, UsageReport } from "../../protocol/rpc.ts";
import type { GatewayEnv } from "./config.ts";
import { ledgerStub } from "./ledger-client.ts";

export class Admin extends WorkerEntrypoint<GatewayEnv> implements GatewayAdminRpc {
  async provision(command: ProvisionCommand): Promise<void> {
    await this.#ledger(command).provision(command);
  }

  async change(command: ChangeCommand): Promise<boolean> {
    return this.#ledger(command).change(command);
  }

  async revoke(account: AccountRef, credentialId: string): Promise<boolean> {
    return this.#ledger(account).revoke(credentialId);
  }

  async usage(account: AccountRef): Promise<UsageReport | null> {
    return this.#ledger(account).usage();
  }

  #ledger({ jurisdiction, account }: AccountRef) {
    return ledgerStub(this.env, jurisdiction, account);
  }
}
