// One measurement of one row, and what many of them come to.
import type { Storage } from "./row.ts";
import { median, pairedDifference, pairedRatio } from "./statistics.ts";

export interface Sample {
  readonly storage: Storage;
  readonly round: number;
  readonly connections: number;
  readonly row: string;
  /** 2xx answers a second */
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of the runtime's processes an answered request; null where the system does not tell */
  readonly cpuUs: number | null;
  readonly ok: number;
  readonly non2xx: number;
  readonly errors: number;
  /** share of one core that the generator and the upstream used: near 1, they are what was measured */
  readonly generatorBusy: number | null;
  readonly upstreamBusy: number | null;
}

/** How a row stands to another one: round by round, then the median. */
export interface Comparison {
  readonly requestsPerSecond: number;
  readonly p50MsAdded: number;
  readonly cpu: number | null;
}

/** Medians over the rounds. */
export interface Summary {
  readonly storage: Storage;
  readonly connections: number;
  readonly row: string;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuUs: number | null;
  readonly non2xx: number;
  readonly errors: number;
  /** null where that row was not part of the run */
  readonly toFloor: Comparison | null;
  readonly toProxy: Comparison | null;
}

/** A row that answered anything but 2xx, or did not answer, has no figures worth reading: the run failed. */
export function hasFaults(samples: readonly Pick<Sample, "ok" | "non2xx" | "errors">[]): boolean {
  return samples.some(({ ok, non2xx, errors }) => ok === 0 || non2xx > 0 || errors > 0);
}

/** In the order in which storage, connections and rows first appear in the samples. */
export function summarise(samples: readonly Sample[]): Summary[] {
  const groups = Map.groupBy(samples, ({ storage, connections, row }) => groupKey(storage, connections, row));
  return [...groups.values()].map((group) => {
    const { storage, connections, row } = group[0] as Sample;
    const other = (name: string) => groups.get(groupKey(storage, connections, name));
    return {
      storage,
      connections,
      row,
      requestsPerSecond: median(group.map((sample) => sample.requestsPerSecond)),
      p50Ms: median(group.map((sample) => sample.p50Ms)),
      p99Ms: median(group.map((sample) => sample.p99Ms)),
      cpuUs: known(
        group.map((sample) => sample.cpuUs),
        median,
      ),
      non2xx: group.reduce((sum, sample) => sum + sample.non2xx, 0),
      errors: group.reduce((sum, sample) => sum + sample.errors, 0),
      toFloor: compare(group, other("floor")),
      toProxy: compare(group, other("proxy")),
    };
  });
}

function groupKey(storage: Storage, connections: number, row: string): string {
  return `${storage} ${connections} ${row}`;
}

function compare(group: readonly Sample[], baseline: readonly Sample[] | undefined): Comparison | null {
  if (baseline === undefined) return null;
  const ordered = inRounds(group);
  const base = inRounds(baseline);
  const of = (samples: readonly Sample[], field: "requestsPerSecond" | "p50Ms") => samples.map((one) => one[field]);
  const cpus = known(
    ordered.map((sample) => sample.cpuUs),
    (values) => values,
  );
  const baseCpus = known(
    base.map((sample) => sample.cpuUs),
    (values) => values,
  );
  return {
    requestsPerSecond: pairedRatio(of(ordered, "requestsPerSecond"), of(base, "requestsPerSecond")),
    p50MsAdded: pairedDifference(of(ordered, "p50Ms"), of(base, "p50Ms")),
    cpu: cpus !== null && baseCpus !== null ? pairedRatio(cpus, baseCpus) : null,
  };
}

function inRounds(samples: readonly Sample[]): Sample[] {
  return samples.toSorted((a, b) => a.round - b.round);
}

/** Null as soon as one value is: a median of some rounds only would not pair with the others. */
function known<T>(values: readonly (number | null)[], then: (values: readonly number[]) => T): T | null {
  const numbers = values.filter((value) => value !== null);
  return numbers.length === values.length ? then(numbers) : null;
}
