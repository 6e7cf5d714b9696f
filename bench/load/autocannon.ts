// The load generator that is always there: autocannon, in a process of its own.
import { fileURLToPath } from "node:url";
import { ChildService } from "../child-service.ts";
import type { LoadGenerator, LoadJob, LoadResult } from "./generator.ts";

type Answer = { readonly result: LoadResult } | { readonly failed: string };

export function startAutocannon(): LoadGenerator {
  const child = new ChildService(fileURLToPath(new URL("./autocannon-process.ts", import.meta.url)));
  return {
    name: "autocannon",
    async run(job: LoadJob) {
      child.send(job);
      const answer = await child.next<Answer>();
      if ("failed" in answer) throw new Error(answer.failed);
      return answer.result;
    },
    close: () => child.stop(),
  };
}
