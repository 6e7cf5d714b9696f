// The benchmark's rows and its runner in their shortest form. No assertion here is about time.
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CleanUp } from "../../bench/clean-up.ts";
import { startAutocannon } from "../../bench/load/autocannon.ts";
import type { LoadGenerator } from "../../bench/load/generator.ts";
import { parseWrkResult, wrkScript } from "../../bench/load/wrk.ts";
import { checkRow } from "../../bench/measure.ts";
import { type MockUpstream, startMockUpstream } from "../../bench/mock-upstream.ts";
import { parseOptions } from "../../bench/options.ts";
import { sourceFinder, summariseProfile } from "../../bench/profile/summary.ts";
import { benchRoute, ROUTES } from "../../bench/route.ts";
import { bartizanRow } from "../../bench/rows/bartizan.ts";
import { floorCounts, floorRow } from "../../bench/rows/floor.ts";
import { prepare, runBench } from "../../bench/runner.ts";
import { hasFaults } from "../../bench/sample.ts";

const route = benchRoute("chat", 100);
const folder = mkdtempSync(join(tmpdir(), "bartizan-test-"));
let upstream: MockUpstream;
let generator: LoadGenerator;

beforeAll(async () => {
  upstream = await startMockUpstream();
  generator = startAutocannon();
});
afterAll(async () => {
  await generator.close();
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

async function listen(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}`, server };
}

describe("the floor", () => {
  it("writes one durable row a request before it asks upstream, and calls of one turn share a commit", async () => {
    const stateDir = join(folder, "floor");
    const setting = { upstreamUrl: upstream.url, stateDir, keys: 2, limits: "none" as const, inspect: false };
    const floor = await floorRow.start(setting);
    try {
      await checkRow("floor", route, floor);
      const before = upstream.answered.get(route.path) ?? 0;
      const headers = { authorization: floor.authorizations[0] ?? "", "content-type": "application/json" };
      const ask = () => fetch(floor.url + route.path, { method: "POST", headers, body: route.body });
      const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await ask()).status));
      expect(new Set(statuses)).toEqual(new Set([200]));
      expect(upstream.answered.get(route.path)).toBe(before + 50);
      const [first, second] = await floorCounts(floor.url, floor.authorizations);
      // one row more each: the check before
      expect(first?.rows).toBe(51);
      expect(first?.commits).toBeLessThan(51);
      expect(second?.rows).toBe(1);
      await floor.verify(52);
      await expect(floor.verify(53)).rejects.toThrow("52 rows");
    } finally {
      await floor.dispose();
    }
    const again = await floorRow.start(setting);
    try {
      expect((await floorCounts(again.url, again.authorizations))[0]?.rows).toBe(51);
    } finally {
      await again.dispose();
    }
  });
});

describe("Bartizan's row", () => {
  it("answers from the upstream on every route, and its log and its sink have each request", async () => {
    const stateDir = join(folder, "bartizan");
    const setting = { upstreamUrl: upstream.url, stateDir, keys: 2, limits: "unreachable" as const, inspect: false };
    const bartizan = await bartizanRow.start(setting);
    try {
      for (const name of ROUTES) await checkRow("bartizan", benchRoute(name, 100), bartizan);
      await bartizan.verify(ROUTES.length * setting.keys);
    } finally {
      await bartizan.dispose();
    }
  });
});

describe("a run", () => {
  it("interleaves its rows, has figures for each, and leaves nothing behind", async () => {
    const args = [
      "--rows",
      "proxy,floor",
      "--storage",
      "disk",
      "--connections",
      "4",
      "--rounds",
      "2",
      "--seconds",
      "0.6",
    ];
    const options = parseOptions([...args, "--generator", "autocannon"]);
    const cleanUp = new CleanUp();
    const pids: number[] = [];
    try {
      const bench = await prepare(options, cleanUp);
      pids.push(bench.upstreamPid);
      const { samples } = await runBench(options, bench, cleanUp, () => {});
      expect(samples.map(({ row, round }) => `${round} ${row}`)).toEqual(["0 proxy", "0 floor", "1 floor", "1 proxy"]);
      expect(hasFaults(samples)).toBe(false);
      for (const one of samples) {
        expect(one.requestsPerSecond).toBeGreaterThan(0);
        expect(one.p99Ms).toBeGreaterThanOrEqual(one.p50Ms);
        if (existsSync("/proc/self/stat")) expect(one.cpuUs).toBeGreaterThan(0);
      }
    } finally {
      await cleanUp.run();
    }
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow();
  });

  it("does not measure a row whose answer is not the upstream's", async () => {
    const { url, server } = await listen((_, response) => response.end('{"hello":"world"}'));
    const row = {
      url,
      headers: {},
      authorizations: ["Bearer x"],
      pids: [],
      inspectorUrl: null,
      worker: "x",
      code: "",
    };
    await expect(
      checkRow("impostor", route, { ...row, verify: async () => {}, dispose: async () => {} }),
    ).rejects.toThrow("impostor answered 200");
    server.close();
  });
});

describe("the load generator", () => {
  const job = {
    path: route.path,
    body: route.body,
    headers: { "x-row": "its-own" },
    authorizations: ["Bearer a", "Bearer b"],
    connections: 2,
    seconds: 0.5,
  };

  it("sends every credential, the body, its type and the row's own headers", async () => {
    const seen = new Set<string>();
    const { url, server } = await listen((request, response) => {
      let body = "";
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () => {
        const { authorization, "content-type": type, "x-row": own } = request.headers;
        seen.add(`${request.method} ${request.url} ${authorization} ${type} ${own} ${body === route.body}`);
        response.end("{}");
      });
    });
    const result = await generator.run({ ...job, url });
    server.close();
    const line = (key: string) => `POST ${route.path} Bearer ${key} application/json its-own true`;
    expect([...seen].sort()).toEqual([line("a"), line("b")]);
    expect(result).toMatchObject({ non2xx: 0, errors: 0 });
    expect(result.ok).toBeGreaterThan(0);
  });

  it("counts answers other than 2xx", async () => {
    let count = 0;
    const { url, server } = await listen((_, response) => {
      response.statusCode = count++ % 2 === 0 ? 200 : 503;
      response.end();
    });
    const result = await generator.run({ ...job, url });
    server.close();
    expect(result.non2xx).toBeGreaterThan(0);
    expect(result.ok).toBeGreaterThan(0);
  });

  it("counts requests whose connection was closed on them", async () => {
    let count = 0;
    const { url, server } = await listen((request, response) => {
      if (count++ % 3 === 0) request.socket.end();
      else response.end();
    });
    const result = await generator.run({ ...job, url });
    server.close();
    expect(result.errors).toBeGreaterThan(0);
  });

  it("speaks Lua to wrk without letting a body end its literal", () => {
    const script = wrkScript({
      path: "/v1/x",
      headers: {},
      body: '"]] .. os.exit() --\\\n',
      authorizations: ["Bearer a"],
    });
    expect(script).toContain('wrk.body = "\\034]] .. os.exit() --\\092\\010"');
    const line = '{"requests":10,"duration_us":2000000,"p50_us":500,"p99_us":900,"status":1,"failed":2}';
    expect(parseWrkResult(`Running 2s test\n\nbench-result ${line}\n`)).toEqual({
      ...{ ok: 9, non2xx: 1, errors: 2, elapsedMs: 2000, p50Ms: 0.5, p99Ms: 0.9, generatorCpuUs: null },
    });
    expect(() => parseWrkResult("Running 2s test")).toThrow(SyntaxError);
  });
});

describe("a profile", () => {
  const frame = (functionName: string, url = "", lineNumber = -1) => ({ functionName, url, lineNumber });
  const script = "file:///index.js";
  const code = ["// node_modules/zod/core.js", "", "", "// steps/a.ts", "var b;", "function admit() {"].join("\n");

  it("sums self time by function and file, gives the runtime's to its caller, and leaves idle time out", () => {
    const profile = {
      nodes: [
        { id: 1, callFrame: frame("(idle)") },
        { id: 2, callFrame: frame("(program)") },
        { id: 3, callFrame: frame("admit", script, 5), children: [4] },
        { id: 4, callFrame: frame("setTimeout", "node-internal:timers", 9), children: [5] },
        { id: 5, callFrame: frame("") },
        { id: 6, callFrame: frame("parse", script, 2) },
        { id: 7, callFrame: frame("fetch") },
      ],
      samples: [1, 3, 2, 3, 4, 5, 6, 7],
      timeDeltas: [900, 40, 10, 30, 20, 5, 4, 1],
    };
    expect(summariseProfile(profile, sourceFinder(code))).toEqual({
      busyUs: 110,
      functions: [
        { name: "admit steps/a.ts +2", selfUs: 70 },
        { name: "setTimeout ← steps/a.ts +2", selfUs: 20 },
        { name: "(program)", selfUs: 10 },
        { name: "(anonymous) ← steps/a.ts +2", selfUs: 5 },
        { name: "parse zod/core.js +2", selfUs: 4 },
        { name: "fetch (runtime)", selfUs: 1 },
      ],
      files: [
        { name: "steps/a.ts", selfUs: 95 },
        { name: "(program)", selfUs: 10 },
        { name: "zod/core.js", selfUs: 4 },
        { name: "(runtime)", selfUs: 1 },
      ],
      rooms: [
        { name: "steps", selfUs: 95 },
        { name: "(program)", selfUs: 10 },
        { name: "zod", selfUs: 4 },
        { name: "(runtime)", selfUs: 1 },
      ],
    });
  });
});
