// Runs beside the platform in the same runtime and gives `npm start` the model bucket, for sealing. Reached on a socket
// of its own; who knows the start's secret can write models, which no origin loads unless our publisher signed them.
//
//   GET /KEY     the object                PUT /KEY     stores the body, whose length must be stated
//   HEAD /KEY    its size                  DELETE /KEY  removes it
//   GET /?list=PREFIX    keys, one a line

export default {
  async fetch(request, env) {
    if (!(await same(request.headers.get("bartizan-start-secret") ?? "", env.START_SECRET)))
      return new Response(null, { status: 404 });
    const url = new URL(request.url);
    const key = decodeURIComponent(url.pathname.slice(1));
    const prefix = url.searchParams.get("list");
    if (prefix !== null) return new Response((await keysOf(env.MODELS, prefix)).join("\n"));
    if (request.method === "HEAD") return sized(await env.MODELS.head(key));
    if (request.method === "GET") return whole(await env.MODELS.get(key));
    if (request.method === "PUT") await env.MODELS.put(key, request.body);
    else if (request.method === "DELETE") await env.MODELS.delete(key);
    else return new Response(null, { status: 405 });
    return new Response(null, { status: 204 });
  },
};

function sized(object) {
  if (object === null) return new Response(null, { status: 404 });
  return new Response(null, { headers: { "x-size": String(object.size) } });
}

function whole(object) {
  return object === null ? new Response(null, { status: 404 }) : new Response(object.body);
}

async function keysOf(bucket, prefix) {
  const keys = [];
  for (let cursor; ; ) {
    const page = await bucket.list({ prefix, cursor });
    keys.push(...page.objects.map((object) => object.key));
    if (!page.truncated) return keys;
    cursor = page.cursor;
  }
}

/** Hashed first: timingSafeEqual wants equal lengths. */
async function same(given, secret) {
  const hash = (text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const [a, b] = await Promise.all([hash(given), hash(secret)]);
  return crypto.subtle.timingSafeEqual(a, b);
}
