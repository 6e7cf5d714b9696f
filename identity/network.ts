// From where a credential may be used: lists of a key, of its tenant and of the route, each judged by itself. A deny
// wins over every allow; an allow list that is there must hold the address; and where any list is there, an address
// that the platform does not state, or that cannot be read, is refused. The address is the platform's own
// (`CLIENT_ADDRESS`), never one that a client wrote.
import { addressIn, isAddress } from "./cidr.ts";

export interface NetworkRules {
  /** empty: any address */
  readonly allow_cidrs?: readonly string[] | undefined;
  readonly deny_cidrs?: readonly string[] | undefined;
}

/** Whose lists they are; several rules may hold for one route. */
export interface NetworkLists {
  readonly key?: NetworkRules | undefined;
  readonly tenant?: NetworkRules | undefined;
  readonly route?: readonly NetworkRules[] | undefined;
}

export type NetworkVerdict =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly by: "key" | "tenant" | "route";
      readonly why: "denied" | "not_allowed" | "no_address";
    };

export function judgeNetwork(address: string | null | undefined, lists: NetworkLists): NetworkVerdict {
  const owned = [
    ...(lists.route ?? []).map((rules) => ["route", rules] as const),
    ["tenant", lists.tenant ?? {}] as const,
    ["key", lists.key ?? {}] as const,
  ];
  // all denies before the first allow, so that the reason does not depend on whose list comes first
  for (const why of ["no_address", "denied", "not_allowed"] as const)
    for (const [by, rules] of owned) if (refuses(why, address, rules)) return { allowed: false, by, why };
  return { allowed: true };
}

function refuses(
  why: "denied" | "not_allowed" | "no_address",
  address: string | null | undefined,
  { allow_cidrs: allow = [], deny_cidrs: deny = [] }: NetworkRules,
): boolean {
  switch (why) {
    case "no_address":
      return allow.length + deny.length > 0 && !isAddress(address);
    case "denied":
      return addressIn(address, deny);
    case "not_allowed":
      return allow.length > 0 && !addressIn(address, allow);
  }
}
