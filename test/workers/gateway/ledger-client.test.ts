// The gateway's side of a ledger, against a namespace that answers as a test says.
import { describe, expect, it, vi } from "vitest";
import type { AdmitCommand, LedgerRpc, Settlement } from "../../../durable-objects/account-ledger/commands.ts";
import type { GatewayEnv } from "../../../workers/gateway/config.ts";
import { type LedgerClient, ledgerClient } from "../../../workers/gateway/ledger-client.ts";
import { newId, withLimits } from "./world.ts";

interface Call {
  readonly method: keyof LedgerRpc;
  readonly settlements: readonly Settlement[];
  /** which stub was called */
  readonly stub: number;
}

/** One account's ledger: every call is noted, then answered by `answer`. */
class Account {
  readonly calls: Call[] = [];
  readonly kept: Promise<unknown>[] = [];
  stubs = 0;
  answer: (call: Call) => Promise<unknown> = async () => ({ admitted: true, leaseExpiresAtMs: 1, headers: {} });
  readonly #name = crypto.randomUUID();

  /** The client of one request of this account. */
  client(): LedgerClient {
    const get = () => {
      const stub = ++this.stubs;
      const note = (method: keyof LedgerRpc, settlements: readonly Settlement[]) => {
        const call = { method, settlements, stub };
        this.calls.push(call);
        return this.answer(call);
      };
      return {
        admit: (_: unknown, settlements: readonly Settlement[]) => note("admit", settlements),
        refuse: (_: unknown, settlements: readonly Settlement[]) => note("refuse", settlements),
        settle: (settlements: readonly Settlement[]) => note("settle", settlements),
        renew: () => note("renew", []),
      };
    };
    const env = { LEDGER: { idFromName: (name: string) => name, get } } as unknown as GatewayEnv;
    return ledgerClient(env, "none", this.#name, (work) => this.kept.push(work));
  }

  get methods(): string {
    return this.calls.map(({ method }) => method).join(" ");
  }

  /** How often each settlement reached the ledger in a call that it answered. */
  sent(): string[] {
    return this.calls.flatMap(({ settlements }) => settlements.map(({ requestId }) => requestId));
  }
}

const admission = (): AdmitCommand =>
  ({ requestId: newId(), reserve: { promptTokens: 1, outputTokens: 1, leaseMs: 1000 } }) as AdmitCommand;
const refusal = { requestId: newId() } as Parameters<LedgerClient["refuse"]>[0];
const settlement = (): Settlement => ({ requestId: newId(), outcome: "completed" }) as Settlement;
const overloaded = (): Error => Object.assign(new Error("too many"), { overloaded: true });
/** For tests that are not about waiting. */
const AT_ONCE = { settleAfterMs: [1, 5, 50, 200, 1000] };

describe("settlements", () => {
  it("ride on the next call of their account, applied before it, and are not sent again", async () => {
    const account = new Account();
    const first = settlement();
    const settled = account.client().settle(first);
    await account.client().admit(admission());
    await settled;
    expect(account.methods).toBe("admit");
    expect(account.sent()).toEqual([first.requestId]);
  });

  it("ride on a refusal as well, all of those that wait", async () => {
    const account = new Account();
    const waiting = [settlement(), settlement(), settlement()];
    const settled = waiting.map((each) => account.client().settle(each));
    await account.client().refuse(refusal);
    await Promise.all(settled);
    expect(account.methods).toBe("refuse");
    expect(account.sent()).toEqual(waiting.map(({ requestId }) => requestId));
  });

  it("that no call takes along are sent by the request that made them, together", async () => {
    const account = new Account();
    await Promise.all([account.client().settle(settlement()), account.client().settle(settlement())]);
    expect(account.methods).toBe("settle");
    expect(account.sent()).toHaveLength(2);
  });

  it("of one account never ride on another's call", async () => {
    const [one, other] = [new Account(), new Account()];
    const settled = one.client().settle(settlement());
    await other.client().admit(admission());
    expect(other.sent()).toEqual([]);
    await settled;
    expect(one.methods).toBe("settle");
  });

  it("are not lost with the call that carried them: they go with the next one", async () => {
    const account = new Account();
    const first = settlement();
    const settled = account.client().settle(first);
    account.answer = () => Promise.reject(new Error("gone"));
    await expect(account.client().refuse(refusal)).rejects.toThrow("gone");
    account.answer = async () => ({ override: null });
    await account.client().refuse(refusal);
    await settled;
    expect(account.methods).toBe("refuse refuse refuse");
    expect(account.calls.map(({ settlements }) => settlements.length)).toEqual([1, 1, 1]);
  });

  it("are not lost with the last call of an account either: their own request sends them", async () => {
    await withLimits(AT_ONCE, async () => {
      const account = new Account();
      const failing = Promise.withResolvers<never>();
      account.answer = ({ method }) => (method === "refuse" ? failing.promise : Promise.resolve());
      const settled = account.client().settle(settlement());
      const refused = account.client().refuse(refusal);
      // while it rides it is nobody else's to send
      await scheduler.wait(4);
      expect(account.methods).toBe("refuse");
      failing.reject(new Error("gone"));
      await expect(refused).rejects.toThrow("gone");
      await settled;
      expect(account.methods).toBe("refuse refuse settle");
    });
  });

  it("are not lost with a request that died while it carried them", async () => {
    await withLimits({ settleAfterMs: [1, 5, 20] }, async () => {
      const account = new Account();
      const first = settlement();
      // its context is gone: the call never comes back
      account.answer = ({ method }) => (method === "refuse" ? new Promise(() => undefined) : Promise.resolve());
      const settled = account.client().settle(first);
      void account.client().refuse(refusal);
      await settled;
      expect(account.methods).toBe("refuse settle");
      expect(account.calls.at(-1)?.settlements).toEqual([first]);
    });
  });

  it("are never in two calls at once", async () => {
    const account = new Account();
    const open = new Set<string>();
    account.answer = async ({ settlements }) => {
      for (const { requestId } of settlements) {
        expect(open.has(requestId)).toBe(false);
        open.add(requestId);
      }
      await scheduler.wait(1);
      for (const { requestId } of settlements) open.delete(requestId);
      if (account.calls.length % 3 === 0) throw new Error("now and then");
      return { override: null };
    };
    await withLimits(AT_ONCE, async () => {
      const made = Array.from({ length: 40 }, settlement);
      const work = made.flatMap((each, index) => [
        account.client().settle(each),
        ...(index % 2 === 0 ? [account.client().refuse(refusal)] : []),
      ]);
      await Promise.allSettled(work);
      await account.client().refuse(refusal);
      expect(new Set(account.sent())).toEqual(new Set(made.map(({ requestId }) => requestId)));
    });
  });

  it("outlast a ledger that is away for a moment", async () => {
    await withLimits(AT_ONCE, async () => {
      const account = new Account();
      account.answer = async () => {
        if (account.calls.length <= 4) throw new Error("restarting");
      };
      await account.client().settle(settlement());
      expect(account.methods).toBe("settle settle settle settle settle");
    });
  });

  it("that no ledger takes are said to be unconfirmed, and wait for the account's next call", async () => {
    await withLimits({ settleAfterMs: [1, 1] }, async () => {
      const account = new Account();
      account.answer = () => Promise.reject(new Error("away"));
      const first = settlement();
      await expect(account.client().settle(first)).rejects.toThrow();
      account.answer = async () => ({ override: null });
      await account.client().refuse(refusal);
      expect(account.calls.at(-1)?.settlements).toEqual([first]);
    });
  });

  it("that pile up are bounded, and the newest are kept", async () => {
    await withLimits({ settleAfterMs: [1], maxWaitingSettlements: 3 }, async () => {
      const account = new Account();
      account.answer = () => Promise.reject(new Error("away"));
      const made = Array.from({ length: 5 }, settlement);
      await Promise.allSettled(made.map((each) => account.client().settle(each)));
      account.answer = async () => ({ override: null });
      await account.client().refuse(refusal);
      expect(account.calls.at(-1)?.settlements).toEqual(made.slice(2));
    });
  });
});

describe("a call that fails", () => {
  it("is repeated once, on a fresh stub, with the same settlements", async () => {
    const account = new Account();
    const settled = account.client().settle(settlement());
    account.answer = async ({ stub }) => {
      if (stub === 1) throw new Error("reset");
      return { admitted: true, leaseExpiresAtMs: 1, headers: {} };
    };
    expect(await account.client().admit(admission())).toMatchObject({ admitted: true });
    await settled;
    expect(account.calls.map(({ stub, settlements }) => [stub, settlements.length])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it("is repeated once and no more", async () => {
    const account = new Account();
    account.answer = () => Promise.reject(new Error("gone"));
    await expect(account.client().admit(admission())).rejects.toThrow("gone");
    await expect(account.client().renew(newId(), 1000)).rejects.toThrow("gone");
    expect(account.methods).toBe("admit admit renew renew");
  });

  it("is not repeated where the ledger is overloaded", async () => {
    const account = new Account();
    account.answer = () => Promise.reject(overloaded());
    await expect(account.client().admit(admission())).rejects.toThrow("too many");
    await expect(account.client().refuse(refusal)).rejects.toThrow("too many");
    expect(account.methods).toBe("admit refuse");
  });

  it("is repeated where no stub could be had at all", async () => {
    const account = new Account();
    const env = {
      LEDGER: {
        idFromName: (name: string) => name,
        get: () => {
          account.stubs++;
          throw new Error("no namespace");
        },
      },
    } as unknown as GatewayEnv;
    await expect(ledgerClient(env, "none", "a", () => undefined).refuse(refusal)).rejects.toThrow("no namespace");
    expect(account.stubs).toBe(2);
  });

  it("as an admission gives back what it may have reserved, with the account's next call", async () => {
    const account = new Account();
    account.answer = () => Promise.reject(new Error("answer lost"));
    const command = admission();
    await expect(account.client().admit(command)).rejects.toThrow("answer lost");
    account.answer = async () => ({ override: null });
    await account.client().refuse(refusal);
    expect(account.calls.at(-1)?.settlements).toMatchObject([
      { requestId: command.requestId, free: true, promptTokens: 0, completionTokens: 0, status: 503 },
    ]);
  });

  it("as the admission of a GET leaves nothing behind", async () => {
    const account = new Account();
    account.answer = () => Promise.reject(new Error("answer lost"));
    await expect(account.client().admit({ ...admission(), reserve: null })).rejects.toThrow();
    account.answer = async () => ({ override: null });
    await account.client().refuse(refusal);
    expect(account.calls.at(-1)?.settlements).toEqual([]);
  });
});

describe("a request's one call", () => {
  it("is kept alive when its client leaves, before it is answered and whatever becomes of it", async () => {
    const account = new Account();
    const hanging = Promise.withResolvers<never>();
    account.answer = () => hanging.promise;
    const client = account.client();
    expect(client.asked).toBe(false);
    const admitted = client.admit(admission());
    expect(client.asked).toBe(true);
    expect(account.kept).toHaveLength(1);
    hanging.reject(new Error("gone"));
    await expect(admitted).rejects.toThrow("gone");
    // waitUntil must not see a rejection: the request has dealt with it
    await expect(Promise.all(account.kept)).resolves.toBeDefined();
  });

  it("of two requests of one account at once is a call each; settlements go with one of them", async () => {
    const account = new Account();
    const settled = account.client().settle(settlement());
    const answer = vi.fn(account.answer);
    account.answer = answer;
    await Promise.all([account.client().admit(admission()), account.client().admit(admission())]);
    await settled;
    expect(account.calls.map(({ settlements }) => settlements.length)).toEqual([1, 0]);
  });
});
