// What control's answers may hold. A name means the same wherever it stands, so that one type reads them all; what an
// answer lacks is undefined, and the expectation about it fails.

/** A refusal's code and parameter; in OAuth's own answers the code itself. */
export type WireError = string & { readonly code: string; readonly param: string | null };

/** Who asks for the first of none gets an error of its own. */
type Items = readonly [Wire, ...Wire[]];

export interface Wire {
  readonly [name: string]: unknown;
  readonly error: WireError;
  readonly id: string;
  readonly key: string;
  readonly kid: string;
  readonly name: string;
  readonly account: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly access_token: string;
  readonly expires_at: string;
  readonly retires_at: string;
  readonly limits: Readonly<Record<string, number | null>>;
  readonly next_cursor: string | null;
  readonly keys: Items;
  readonly clients: Items;
  readonly tenants: Items;
  readonly events: Items;
  readonly models: Items;
}
