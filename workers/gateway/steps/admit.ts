// Step 7: the one ledger call. After it nothing is unrecorded: reservation and audit intent stand in one commit.

import type { AdmitCommand } from "../../../durable-objects/account-ledger/commands.ts";
import { sha256 } from "../../../identity/content-digest.ts";
import { utf8 } from "../../../protocol/encoding.ts";
import { toUpstreamChat, toUpstreamEmbeddings } from "../../../protocol/openai/index.ts";
import type { LedgerClient } from "../ledger-client.ts";
import {
  type Admitted,
  type Authorized,
  type Grant,
  isRefusal,
  type Prompt,
  type RequestContext,
  type Step,
  type Upstream,
} from "../products.ts";
import { probingOf } from "./extraction.ts";
import { commonOf, reach } from "./ledger-call.ts";

export async function admit(prompt: Prompt, ledger: LedgerClient, context: RequestContext): Promise<Step<Admitted>> {
  const { grant } = prompt;
  const { from } = grant.typed;
  const upstream = await serialise(grant);
  const probing = probingOf(grant.typed, context.snapshot.policy.guards.extraction);
  const command: AdmitCommand = {
    kind: "admit",
    ...commonOf(from, context, upstream),
    anyScope: grant.anyScope,
    allScopes: grant.allScopes,
    ...(probing && { probing }),
    reserve: {
      promptTokens: prompt.promptTokens,
      outputTokens: grant.outputTokens * grant.choices,
      leaseMs: context.snapshot.policy.lease_ms,
    },
    intent: {
      model: grant.id,
      version: grant.version,
      digest: grant.digest,
      backend: backendName(grant),
      verdicts: [...from.verdicts, ...prompt.verdicts],
      latency_ms: { ...context.latency },
    },
  };
  const reply = await reach(() => ledger.admit(command), context);
  if (isRefusal(reply)) return reply;
  if (!reply.admitted) return reply.refusal;
  return {
    prompt,
    upstream,
    leaseExpiresAtMs: reply.leaseExpiresAtMs ?? context.startedAtMs + context.snapshot.policy.lease_ms,
    limitHeaders: reply.headers,
  };
}

/** A GET reserves nothing and is recorded as answered. */
export async function admitCatalogue(
  from: Authorized,
  ledger: LedgerClient,
  context: RequestContext,
): Promise<Step<{ readonly limitHeaders: Readonly<Record<string, string>> }>> {
  const command: AdmitCommand = {
    kind: "admit",
    ...commonOf(from, context, null),
    anyScope: [],
    reserve: null,
    intent: {
      model: null,
      version: null,
      digest: null,
      backend: null,
      verdicts: from.verdicts,
      latency_ms: { ...context.latency },
    },
  };
  const reply = await reach(() => ledger.admit(command), context);
  if (isRefusal(reply)) return reply;
  return reply.admitted ? { limitHeaders: reply.headers } : reply.refusal;
}

async function serialise({ typed, outputTokens, model, backends }: Grant): Promise<Upstream> {
  // every backend of a version serves the same model; the name is the first one's, and `route` rewrites it where it differs
  const [first] = backends;
  const name = first === undefined ? "" : first.model;
  const stream = typed.kind === "chat" && typed.parsed.request.stream === true;
  const value =
    typed.kind === "chat"
      ? toUpstreamChat(typed.parsed.request, {
          model: name,
          outputTokens,
          outputLimitField: model.output_limit_field,
          engine: typed.parsed.engine,
          stream,
          includeUsage: true,
          developerRole: model.capabilities.includes("developer_role"),
        })
      : toUpstreamEmbeddings(typed.parsed.request, { model: name, engine: typed.parsed.engine });
  const body = utf8(JSON.stringify(value));
  return { value, body, stream, sha256: await sha256(body) };
}

function backendName({ backends: [first] }: Grant): string | null {
  if (first === undefined) return null;
  return first.kind === "origin" ? `origin/${first.origin}` : "workers-ai";
}
