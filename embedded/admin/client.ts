// The administration API over HTTP: what `npm start` mints its credentials with, and what the CLI speaks.

/** The platform said no. The message is the API's own, which never holds a secret. */
export class AdminError extends Error {
  override readonly name = "AdminError";
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export class AdminClient {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param key an administrator's, or null before there is one */
  constructor(url: string, key: string | null, headers: Readonly<Record<string, string>> = {}) {
    this.#url = url.replace(/\/+$/, "");
    this.#headers = { ...headers, ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
  }

  /** The reply's JSON. @throws AdminError on any status but 2xx; TypeError where nothing answers */
  async call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { ...this.#headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body),
      redirect: "manual",
    });
    const value = parseObject(await response.text());
    if (response.ok) return value;
    const { code, message } = (value.error ?? {}) as { code?: unknown; message?: unknown };
    throw new AdminError(
      response.status,
      typeof code === "string" ? code : "unknown",
      typeof message === "string" ? message : `The platform answered ${response.status}.`,
    );
  }

  async listAll(path: string, name: string): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    for await (const item of this.list(path, name)) items.push(item);
    return items;
  }

  /** Every item of a listing. @param name of the array in each page */
  async *list(path: string, name: string): AsyncGenerator<Record<string, unknown>, void, undefined> {
    for await (const page of this.pages(path))
      for (const item of Array.isArray(page[name]) ? page[name] : []) yield item as Record<string, unknown>;
  }

  /** Every page of a listing, one after the other. */
  async *pages(path: string): AsyncGenerator<Record<string, unknown>, void, undefined> {
    for (let cursor: string | null = null; ; ) {
      const query = cursor === null ? "" : `${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`;
      const page = await this.call("GET", path + query);
      yield page;
      if (typeof page.next_cursor !== "string") return;
      cursor = page.next_cursor;
    }
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
