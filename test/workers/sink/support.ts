import { env as workerEnv } from "cloudflare:workers";
import { vi } from "vitest";
import type { SinkState } from "../../../durable-objects/sink/commands.ts";
import { logs, type TestEnv, type TestSink } from "./main.ts";

export const env = workerEnv as unknown as TestEnv;
let next = 0;

export interface Line {
  readonly checkpoint_size: number;
  readonly index: number;
  readonly leaf: { readonly n: number };
  readonly log: string;
}
export interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

export class Fixture {
  readonly name = `sink-${next++}-${crypto.randomUUID().slice(0, 8)}`;
  readonly log = `log-${this.name}`;
  readonly stub: DurableObjectStub<TestSink> = env.SINK.getByName(this.name);

  /** Makes the log this long, and tells the sink. */
  async grow(size: number, log = this.log): Promise<void> {
    logs.set(
      log,
      Array.from({ length: size }, (_, n) => `{"n":${n}}`),
    );
    await this.stub.notify(this.name, log, size);
  }

  async script(reactions: readonly object[]): Promise<void> {
    await fetch(`${env.COLLECTOR}/c/${this.name}/script`, { method: "PUT", body: JSON.stringify(reactions) });
  }

  async received(): Promise<Received[]> {
    const response = await fetch(`${env.COLLECTOR}/c/${this.name}`);
    return ((await response.json()) as { requests: Received[] }).requests;
  }

  async lines(): Promise<Line[]> {
    return (await this.received()).flatMap(({ body }) =>
      body
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Line),
    );
  }

  /** The state, once nothing is left to deliver. */
  drained(): Promise<SinkState> {
    return this.until(
      (state) =>
        state.logs.length > 0 && state.logs.every(({ next_index, log }) => next_index === logs.get(log)?.length),
    );
  }

  until(holds: (state: SinkState) => boolean): Promise<SinkState> {
    return vi.waitFor(
      async () => {
        const state = await this.stub.state(this.name);
        if (!holds(state)) throw new Error(`not yet: ${JSON.stringify(state)}`);
        return state;
      },
      { timeout: 20_000, interval: 20 },
    );
  }
}
