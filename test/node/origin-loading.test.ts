// What the origin loads, and what it never does; and how it ends.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { ControlClient } from "../../origin/artifact/control-client.ts";
import { openArtifact } from "../../origin/artifact/open-artifact.ts";
import { LoadFailure } from "../../origin/failure.ts";
import { messageLine } from "../../origin/messages.ts";
import { objectKeys } from "../../r2-models/catalogue.ts";
import { signManifest, verifyManifest } from "../../r2-models/manifest.ts";
import { importPublisherKeys, importPublisherSigner } from "../../r2-models/publisher.ts";
import { importReleaseKey } from "../../r2-models/release.ts";
import {
  AgentProcess,
  configuration,
  GatewayClient,
  keyOf,
  MODEL,
  makeWorld,
  ORIGIN,
  pair,
  startAgent,
  startControl,
  type World,
} from "./origin-world.ts";

/** Plain files under their folders in memory: there must never be one. */
function leftovers(pid: number | undefined): string[] {
  const prefix = `bartizan-${pid}-`;
  return process.platform === "linux" ? readdirSync("/dev/shm").filter((name) => name.startsWith(prefix)) : [];
}

/** Fetches and verifies as the agent does; why nothing came of it. The engine is given a file only by a success. */
async function refusalIn(world: World): Promise<string> {
  const control = await startControl(world.deps);
  const signer = { keyid: ORIGIN, key: await keyOf(world.signing.privateJwk) };
  const address = { url: control.url, headers: {}, patienceMs: 2_000 };
  const trust = {
    origin: ORIGIN,
    publishers: await importPublisherKeys([world.publisher.publicJwk]),
    releaseKey: await importReleaseKey(world.encryption.privateJwk),
  };
  const wanted = { ...MODEL, embeddings: false, context_tokens: 512 };
  try {
    const client = new ControlClient(address, signer, new AbortController().signal);
    const { file } = await openArtifact(client, trust, wanted, () => {});
    await file.close();
    return "opened";
  } catch (error) {
    if (!(error instanceof LoadFailure)) throw error;
    expect(leftovers(process.pid)).toEqual([]);
    return error.code;
  } finally {
    await control.close();
  }
}

/** Runs an agent against this world and tells why it gave up. */
async function failureIn(world: World): Promise<string> {
  const control = await startControl(world.deps);
  const { agent } = await startAgent(world, control.url);
  try {
    const { code } = await agent.until("failed");
    expect(await agent.exit).toBe(1);
    expect(agent.messages.some((message) => message.event === "ready")).toBe(false);
    expect(leftovers(agent.child.pid)).toEqual([]);
    return code;
  } finally {
    await agent.stop();
    await control.close();
  }
}

/** A small file stands in for the model: all of these end before an engine would look at it. */
const SMALL = new Uint8Array(40_000).fill(7);

async function spoilt(change: (world: World) => void | Promise<void>): Promise<World> {
  const world = await makeWorld(SMALL);
  await change(world);
  return world;
}

function objectOf(world: World, key: string): Uint8Array {
  const bytes = world.bucket.objects.get(key);
  if (bytes === undefined) throw new Error(key);
  return bytes;
}

test("an untouched artifact opens", async () => {
  expect(await refusalIn(await makeWorld(SMALL))).toBe("opened");
});

test("an artifact with one changed byte never loads", async () => {
  const world = await spoilt((world) => {
    const bytes = objectOf(world, objectKeys(MODEL).artifact);
    bytes[20_000] = (bytes[20_000] ?? 0) ^ 1;
  });
  expect(await failureIn(world)).toBe("artifact_rejected");
});

test("an artifact with one byte more never loads", async () => {
  const key = objectKeys(MODEL).artifact;
  const world = await spoilt((world) => {
    world.bucket.objects.set(key, Buffer.concat([objectOf(world, key), Buffer.from("x")]));
  });
  expect(await refusalIn(world)).toBe("artifact_rejected");
});

test("an artifact with one byte less never loads", async () => {
  const key = objectKeys(MODEL).artifact;
  const world = await spoilt((world) => {
    world.bucket.objects.set(key, objectOf(world, key).slice(0, -1));
  });
  // the missing byte is asked for as a range that no longer exists
  expect(await refusalIn(world)).toBe("control_refused");
});

test("another model's artifact in its place never loads", async () => {
  const other = await makeWorld(SMALL);
  const world = await spoilt((world) => {
    const key = objectKeys(MODEL).artifact;
    world.bucket.objects.set(key, objectOf(other, key));
  });
  expect(await refusalIn(world)).toBe("artifact_rejected");
});

test("a manifest by an unknown publisher never counts, under its own key id or a known one", async () => {
  for (const kid of ["stranger", "publisher-1"]) {
    const world = await spoilt(async (world) => {
      const key = objectKeys(MODEL).manifest;
      const keys = await importPublisherKeys([world.publisher.publicJwk]);
      const manifest = await verifyManifest(Buffer.from(objectOf(world, key)).toString(), keys, MODEL);
      const stranger = await importPublisherSigner((await pair("Ed25519", kid)).privateJwk);
      world.bucket.objects.set(key, Buffer.from(await signManifest(manifest, stranger)));
    });
    expect(await refusalIn(world)).toBe("manifest_rejected");
  }
});

test("a signed manifest whose digest is not that of the sealed file never leads to a load", async () => {
  const world = await spoilt(async (world) => {
    const key = objectKeys(MODEL).manifest;
    const keys = await importPublisherKeys([world.publisher.publicJwk]);
    const manifest = await verifyManifest(Buffer.from(objectOf(world, key)).toString(), keys, MODEL);
    const plain = { ...manifest.plain, digest: `sha256:${"0".repeat(64)}` };
    const signer = await importPublisherSigner(world.publisher.privateJwk);
    world.bucket.objects.set(key, Buffer.from(await signManifest({ ...manifest, plain }, signer)));
  });
  expect(await refusalIn(world)).toBe("digest_mismatch");
});

test("verified bytes that are no model fail in the engine, and are gone", async () => {
  expect(await failureIn(await makeWorld(SMALL))).toBe("engine_failed");
});

test("an origin that is not enrolled, or whose key is not the enrolled one, gets nothing", async () => {
  const world = await makeWorld(SMALL);
  expect(await refusalIn({ ...world, deps: { ...world.deps, enrolledOrigins: {} } })).toBe("control_refused");
  expect(await refusalIn({ ...world, signing: await pair("Ed25519", "origin-1") })).toBe("control_refused");
});

test("an origin gets no data key that was sealed to another's key", async () => {
  const world = await makeWorld(SMALL);
  expect(await refusalIn({ ...world, encryption: await pair("X25519", "origin-x") })).toBe("data_key_rejected");
});

test("an origin that was enrolled for other models gets nothing", async () => {
  const world = await makeWorld(SMALL);
  const enrolment = {
    signing_key: world.signing.publicJwk,
    encryption_key: world.encryption.publicJwk,
    models: ["other"],
  };
  const deps = { ...world.deps, enrolledOrigins: { [ORIGIN]: enrolment } };
  expect(await refusalIn({ ...world, deps })).toBe("control_refused");
});

test("control that cannot be reached is given up after the patience that was named", async () => {
  const world = await makeWorld(SMALL);
  const agent = new AgentProcess();
  agent.send(configuration(world));
  await agent.until("listening");
  agent.send({ type: "load", control_url: "http://127.0.0.1:9", patience_ms: 300 });
  expect((await agent.until("failed")).code).toBe("control_unreachable");
  await agent.stop();
});

test("a download that breaks is resumed where it broke, and the model loads", async () => {
  const world = await makeWorld();
  let cuts = 0;
  const control = await startControl(world.deps, (path) => (path.endsWith("/artifact") && cuts++ < 2 ? 700_000 : null));
  const { agent, url } = await startAgent(world, control.url);
  try {
    await agent.until("ready");
    expect(control.requests.filter((line) => /artifact bytes=\d+-$/.test(line))).toHaveLength(2);
    const { response } = await new GatewayClient(world, url).chat({
      messages: [{ role: "user", content: "What is the capital of France?" }],
    });
    expect((await response.json()).choices[0].message.content).toBe("The capital of France is Paris.");
    expect(leftovers(agent.child.pid)).toEqual([]);
  } finally {
    await agent.stop();
    await control.close();
  }
});

test("it ends with code 0 when told, on SIGTERM, on SIGINT, and when its input ends", async () => {
  const world = await makeWorld(SMALL);
  const ends: ((agent: AgentProcess) => void)[] = [
    (agent) => agent.send({ type: "stop" }),
    (agent) => agent.child.kill("SIGTERM"),
    (agent) => agent.child.kill("SIGINT"),
    (agent) => agent.child.stdin?.end(),
  ];
  for (const end of ends) {
    const agent = new AgentProcess();
    agent.send(configuration(world));
    await agent.until("listening");
    end(agent);
    expect(await agent.exit).toBe(0);
    expect(agent.messages.at(-1)).toEqual({ event: "stopped" });
  }
});

/** A process that ended but that nobody has waited for yet (`Z`) runs no more. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

test("a killed parent leaves no agent behind", async () => {
  const world = await makeWorld(SMALL);
  const script = `
    const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ["origin/main.ts"], { stdio: ["pipe", "inherit", "ignore"] });
    console.log(JSON.stringify({ pid: child.pid }));
    child.stdin.write(${JSON.stringify(messageLine(configuration(world)))});`;
  const root = new URL("../..", import.meta.url).pathname;
  const parent = spawn(process.execPath, ["-e", script], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let pid = 0;
  for await (const line of createInterface({ input: parent.stdout })) {
    const message = JSON.parse(line);
    pid = message.pid ?? pid;
    if (message.event === "listening") parent.kill("SIGKILL");
  }
  expect(pid).toBeGreaterThan(0);
  // ends by the test's own limit where the agent lives on
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
});

test("a malformed line ends it, and nothing of the line is repeated", async () => {
  const world = await makeWorld(SMALL);
  const good = messageLine(configuration(world));
  const lines = [
    "nonsense",
    '{"type":"load","control_url":"file:///etc/passwd"}',
    good.replace('"name":"test-origin"', '"name":"../x"'),
  ];
  for (const line of lines) {
    const agent = new AgentProcess();
    agent.child.stdin?.write(`${line.trimEnd()}\n`);
    expect((await agent.until("failed")).code).toBe("bad_config");
    expect(await agent.exit).toBe(1);
    expect(agent.log).not.toContain(world.signing.privateJwk.d);
    expect(agent.log).not.toContain("nonsense");
  }
});
