// The AccountLedger object: a thin shell around the pure core. It holds the quotas of one account and is called by
// gateway alone (a namespace would expose every public method here, so no other Worker binds it).
//
//   RPC ─→ commits.ts (one commit a turn: decide.ts, apply.ts) ─→ schema.ts (the journal)
//                                                               └→ outbox.ts ─→ audit's Append
// An attacker who reaches these methods can admit without limit and read usage; he learns no secret, since none is here.
import { DurableObject } from "cloudflare:workers";
import type { RequestId } from "../../protocol/ids.ts";
import type { AppendRpc, ProvisionCommand, UsageReport } from "../../protocol/rpc.ts";
import { Alarm } from "./alarm.ts";
import type {
  AdmitCommand,
  AdmitReply,
  Carried,
  LedgerAdminRpc,
  LedgerRpc,
  RefuseCommand,
  RefuseReply,
} from "./commands.ts";
import { LedgerCommits } from "./commits.ts";
import type { Commands } from "./decision.ts";
import { withHeaders } from "./headers.ts";
import { LEDGER_LIMITS, type LedgerLimits } from "./limits.ts";
import { Outbox } from "./outbox.ts";
import { Journal } from "./schema.ts";
import { usageOf } from "./usage.ts";

export interface LedgerEnv {
  /** audit's `Append` entrypoint */
  readonly AUDIT: AppendRpc;
}

/** What tests replace; the platform constructs an object with two arguments. */
export interface LedgerOptions {
  readonly limits: LedgerLimits;
  readonly now: () => number;
}

export class AccountLedger extends DurableObject<LedgerEnv> implements LedgerRpc, LedgerAdminRpc {
  // Own properties, not methods: those of a prototype are what RPC exposes.
  protected readonly options: LedgerOptions;
  protected readonly commits: LedgerCommits;
  protected readonly outbox: Outbox;
  protected alarmClock: Alarm | null = null;

  constructor(
    ctx: DurableObjectState,
    env: LedgerEnv,
    options: LedgerOptions = { limits: LEDGER_LIMITS, now: Date.now },
  ) {
    super(ctx, env);
    const { limits, now } = options;
    this.options = options;
    const journal = new Journal(ctx.storage, limits);
    this.commits = new LedgerCommits(journal, limits, {
      now,
      committed: () => {
        this.outbox.poke();
        this.#arm();
      },
      failed: () => ctx.abort("the ledger could not commit and is rebuilt from its journal"),
    });
    this.outbox = new Outbox(env.AUDIT, journal, this.commits, limits, () => this.#arm());
    void ctx.blockConcurrencyWhile(async () => {
      this.alarmClock = new Alarm(ctx.storage, await ctx.storage.getAlarm());
      this.outbox.poke();
      this.#arm();
    });
  }

  /** The one call of a request that may go on. A repeat of the same request id gets the first answer. */
  admit(command: AdmitCommand, carried: readonly Carried[]): Promise<AdmitReply> {
    return this.commits.run("admit", command, carried, withHeaders, enrolmentOf(command));
  }

  /** The one call of a request that was authenticated and refused before it came here. */
  refuse(command: RefuseCommand, carried: readonly Carried[]): Promise<RefuseReply> {
    return this.commits.run("refuse", command, carried, (reply) => reply, enrolmentOf(command));
  }

  settle(carried: readonly Carried[]): Promise<void> {
    return this.commits.settle(carried);
  }

  renew(requestId: RequestId, leaseMs: number): Promise<boolean> {
    return this.commits.run("renew", { requestId, leaseMs }, [], (alive) => alive);
  }

  /** @throws where the ledger is another tenant's account, or has too many credentials */
  async provision(command: ProvisionCommand): Promise<void> {
    const reply = await this.commits.run("provision", command, [], (done) => done);
    if (reply !== "done") throw new Error(`not provisioned: ${reply}`);
  }

  change(command: Commands["change"]): Promise<boolean> {
    return this.commits.run("change", command, [], (known) => known);
  }

  /** @throws where too many single access tokens are revoked: revoke the client itself */
  async revoke(credentialId: string, expiresAtMs?: number): Promise<boolean> {
    const reply = await this.commits.run("revoke", { credentialId, expiresAtMs }, [], (done) => done);
    if (reply === "too_many_tokens") throw new Error(`not revoked: ${reply}`);
    return reply === "done";
  }

  async usage(): Promise<UsageReport | null> {
    return usageOf(this.commits.state, Math.max(this.options.now(), this.commits.state.clockMs));
  }

  /** Never throws (an alarm that throws is given up after six tries) and always arms again. */
  override async alarm(): Promise<void> {
    this.alarmClock?.rang();
    this.commits.sweep();
    await this.outbox.ship();
    this.commits.sweep();
    this.#arm();
  }

  #arm(): void {
    const { now, limits } = this.options;
    const shipping = this.commits.hasUnshipped()
      ? now() + Math.max(limits.backstopMs, this.outbox.backoffMs())
      : Number.POSITIVE_INFINITY;
    this.alarmClock?.arm(Math.min(this.commits.leaseDueMs(), shipping, this.commits.tidyDueMs()));
  }
}

/** What comes with a request of an external subject, whose ledger makes itself. */
function enrolmentOf({ caller, terms }: AdmitCommand | RefuseCommand): Commands["enrol"] | null {
  return terms === undefined ? null : { caller, terms };
}
