// Honest requests, composed from a seed: what the WAF must let pass.
import { KINDS } from "./kinds.ts";
import { WEB_KINDS } from "./kinds-web.ts";
import { Choices } from "./random.ts";
import type { Kind } from "./wire.ts";

export interface BenignRequest {
  readonly kind: string;
  readonly request: string;
}

const HOSTS = ["gateway.example", "api.example.com", "www.shop.example", "app.example.org:8443"];
const ALL: readonly Kind[] = [...KINDS, ...WEB_KINDS];

export function* benignRequests(count: number, seed: number): Generator<BenignRequest> {
  const c = new Choices(seed);
  for (let i = 0; i < count; i++) {
    const [kind, make] = ALL[i % ALL.length] as Kind;
    yield { kind, request: make(c, c.of(HOSTS)) };
  }
}
