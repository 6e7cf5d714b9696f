// Reading for who may see all of a log, whoever's records stand in it.
import { type Answer, IMMUTABLE, JSON_TYPE, NO_STORE, NOTHING, refuse, TEXT } from "./answer.ts";
import { callLog } from "./call.ts";
import { type AuditEnv, logConfig } from "./config.ts";
import { renderRecords } from "./records.ts";
import type { ReadRoute } from "./routes.ts";

export async function read(route: ReadRoute, env: AuditEnv): Promise<Answer> {
  switch (route.kind) {
    case "checkpoint": {
      const note = await callLog(env, route.log, (log) => log.checkpoint(route.log));
      return note === null ? NOTHING : { ok: true, body: note, contentType: TEXT, cacheControl: NO_STORE };
    }
    case "resource": {
      const bytes = await callLog(env, route.log, (log) => log.resource(route.log, route.path));
      if (bytes === null) return NOTHING;
      return { ok: true, body: bytes, contentType: "application/octet-stream", cacheControl: IMMUTABLE };
    }
    case "records": {
      const { cursor, limit } = route;
      if (cursor?.kind === "record") return refuse({ code: "invalid_query", param: "cursor" });
      const page = await callLog(env, route.log, (log) => log.records(route.log, cursor?.before ?? null, limit));
      if (page === null) return NOTHING;
      return { ok: true, body: renderRecords(route.log, page), contentType: JSON_TYPE, cacheControl: NO_STORE };
    }
    case "sinks": {
      const names = [...logConfig(env).sinks.keys()];
      const sinks = await Promise.all(names.map((name) => env.SINK.getByName(name).state(name)));
      return { ok: true, body: JSON.stringify({ sinks }), contentType: JSON_TYPE, cacheControl: NO_STORE };
    }
  }
}
