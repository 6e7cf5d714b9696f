// The end of a request that is refused after `authenticate`: recorded in its account's ledger, which knows whether its
// credential still counts.
import type { RefuseCommand } from "../../../durable-objects/account-ledger/commands.ts";
import type { Verdict } from "../../../protocol/audit.ts";
import { answerOf, type Refusal } from "../../../protocol/refusal.ts";
import type { LedgerClient } from "../ledger-client.ts";
import { type Authenticated, isRefusal, type RequestContext } from "../products.ts";
import { commonOf, reach } from "./ledger-call.ts";

/** What is known of a request that is refused after `authenticate`. */
export interface Refused {
  readonly refusal: Refusal;
  readonly from: Authenticated;
  readonly model?: string;
  readonly verdicts?: readonly Verdict[];
}

/** The one ledger call of a refused request; answers what the client is to hear: 401 where its credential is revoked. */
export async function recordRefusal(refused: Refused, ledger: LedgerClient, context: RequestContext): Promise<Refusal> {
  const { refusal, from, model, verdicts = [] } = refused;
  const command: RefuseCommand = {
    kind: "refuse",
    ...commonOf(from, context, null),
    // the client's own word, which may be long
    model: model?.slice(0, 256) ?? null,
    code: refusal.code,
    status: answerOf(refusal).status,
    verdicts: [...from.verdicts, ...verdicts],
  };
  const reply = await reach(() => ledger.refuse(command), context);
  return isRefusal(reply) ? reply : (reply.override ?? refusal);
}
