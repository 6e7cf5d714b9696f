// A log verified against its key and against what was seen of it before. The key of the first visit is kept with the
// checkpoint: whoever changes the log later cannot change the key unseen.
import { z } from "zod";
import { readText, statePaths, writePrivate } from "../../../embedded/state/folder.ts";
import { fromBase64Url, toBase64Url } from "../../../protocol/encoding.ts";
import { type VerifyReport, verifyLog } from "../../../transparency/index.ts";
import { type ConnectionOptions, platformKey, platformUrl } from "../../connection.ts";
import { CheckFailed } from "../../exit.ts";

export interface LogOptions extends ConnectionOptions {
  readonly log: string;
  readonly vkey?: string;
}

export interface KnownLogReport {
  readonly report: VerifyReport;
  /** it was compared with a checkpoint of an earlier visit */
  readonly grewFromKnown: boolean;
}

const seenSchema = z.record(z.string(), z.object({ vkey: z.string(), size: z.int().min(0), root: z.string() }));
type Seen = z.infer<typeof seenSchema>;

/** @throws CheckFailed where the log cannot be read at all */
export async function verifyKnownLog(options: LogOptions): Promise<KnownLogReport> {
  const url = await platformUrl(options);
  const path = statePaths(options.state).checkpoints;
  const seen = await readSeen(path);
  // the local platform may be on another port each time; it is the same log
  const name = `${options.url === undefined ? "local" : url} ${options.log}`;
  const known = seen[name];
  const vkey = options.vkey ?? known?.vkey ?? (await fetchVkey(url, options.log));
  const reader = logReader(url, options.log, await platformKey(options, "auditor"));
  const report = await verifyLog({
    vkey,
    fetch: reader.read,
    ...(known === undefined ? {} : { previous: { size: known.size, root: fromBase64Url(known.root) } }),
  });
  if (reader.refused !== null)
    throw new CheckFailed(`The platform does not let this key read the log (${reader.refused}).`);
  if (report.checkpoint !== null && report.problems.length === 0) {
    const { size, root } = report.checkpoint;
    await writePrivate(path, JSON.stringify({ ...seen, [name]: { vkey, size, root: toBase64Url(root) } }));
  }
  return { report, grewFromKnown: known !== undefined };
}

/** Reads resources of the log; a key that may not is no fault of the log and is told apart. */
function logReader(url: string, log: string, key: string) {
  const reader = {
    refused: null as number | null,
    read: async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
      const response = await fetch(`${url}/audit/v1/logs/${encodeURIComponent(log)}/${path}`, {
        headers: { authorization: `Bearer ${key}` },
        redirect: "error",
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (response.status === 401 || response.status === 403) reader.refused = response.status;
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return bytes;
    },
  };
  return reader;
}

async function fetchVkey(url: string, log: string): Promise<string> {
  const query = log === "default" ? "" : `?log=${encodeURIComponent(log)}`;
  const response = await fetch(`${url}/.well-known/bartizan-log${query}`);
  if (!response.ok) throw new CheckFailed(`The platform does not say its log's key (${response.status}). Use --vkey.`);
  return (await response.text()).trim();
}

async function readSeen(path: string): Promise<Seen> {
  try {
    return seenSchema.parse(JSON.parse((await readText(path)) ?? "{}"));
  } catch {
    throw new CheckFailed(`${path} is damaged; without it a log that was rewritten cannot be told from one that grew.`);
  }
}
