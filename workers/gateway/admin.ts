// The entrypoint through which control administers ledgers. Reachable by service binding alone: no route leads here.
import { WorkerEntrypoint } from "cloudflare:workers";
import { SWITCHBOARD } from "../../durable-objects/switchboard/object.ts";
import { importVerificationKeys } from "../../identity/keys.ts";
import type {
  AccountRef,
  ChangeCommand,
  GatewayAdminRpc,
  ProvisionCommand,
  PublishedKeys,
  UsageReport,
} from "../../protocol/rpc.ts";
import type { GatewayEnv } from "./config.ts";
import { ledgerStub } from "./ledger-client.ts";

type Publish = Pick<GatewayAdminRpc, "publishKeys">;

export class Admin extends WorkerEntrypoint<GatewayEnv> implements GatewayAdminRpc {
  async provision(command: ProvisionCommand): Promise<void> {
    await this.#ledger(command).provision(command);
  }

  async change(command: ChangeCommand): Promise<boolean> {
    return this.#ledger(command).change(command);
  }

  async revoke(account: AccountRef, credentialId: string, expiresAtMs?: number): Promise<boolean> {
    return this.#ledger(account).revoke(credentialId, expiresAtMs);
  }

  async usage(account: AccountRef): Promise<UsageReport | null> {
    return this.#ledger(account).usage();
  }

  /** @throws KeySetError where it is no key set: what the isolates judge by stays as it was */
  async publishKeys(keys: PublishedKeys): Promise<void> {
    await importVerificationKeys(keys.key_set);
    await (this.env.SWITCHBOARD.getByName(SWITCHBOARD) as unknown as Publish).publishKeys(keys);
  }

  #ledger({ jurisdiction, account }: AccountRef) {
    return ledgerStub(this.env, jurisdiction, account);
  }
}
