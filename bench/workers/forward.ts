// Passes a request on to the upstream and its answer back, bodies as streams: what a proxy in this runtime cannot do
// without, and nothing besides.

export function forward(request: Request, upstream: string): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  return fetch(new Request(upstream + pathname + search, request));
}
