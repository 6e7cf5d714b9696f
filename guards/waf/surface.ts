// What the WAF judges: the transport surface of one request and its structured fields. Message content of the
// inference API is never in here: text for a model is no SQL query. Values are as they stood on the wire (query, cookie,
// header, path, form) or as their format decoded them (json, multipart, xml), and offsets in findings point into them.

export type FieldKind = "json" | "form" | "multipart" | "xml" | "text" | "query" | "cookie" | "header" | "path";

export interface Field {
  /** where a person finds it: `body.user.name`, `query.q`, `header.referer` */
  readonly place: string;
  readonly name: string;
  readonly value: string;
  readonly kind: FieldKind;
  /** words of a person that no backend interprets (`user`, `metadata` of the inference API): only rules that hold even there apply */
  readonly prose?: boolean;
  /** the contents of an uploaded file: documents hold anything, so only rules about uploaded programs apply */
  readonly file?: boolean;
}

/** Something that the shape of the request itself breaks; its rule is one of class `protocol`. */
export interface Violation {
  readonly rule: string;
  readonly place: string;
  readonly start: number;
  readonly end: number;
}

export interface HttpSurface {
  readonly method: string;
  /** as sent, without the query */
  readonly path: string;
  /** as sent, without the question mark */
  readonly query: string;
  /** in the order sent, names in the sender's case */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly cookies: readonly (readonly [name: string, value: string])[];
  /** of the body; query, cookies, headers and path need no field of their own */
  readonly fields: readonly Field[];
  readonly violations?: readonly Violation[];
  /** the route that exclusions are matched by; the path where absent */
  readonly route?: string;
}

/** What bounds the reading of a body and of a recorded request. */
export interface SurfaceLimits {
  /** parameters of query, cookies or body; past it the request breaks `protocol-too-many-fields` */
  readonly maxFields: number;
  /** levels of a JSON body; deeper ones exhaust a parser's stack */
  readonly maxDepth: number;
  /** characters of a body that are read at all */
  readonly maxBodyChars: number;
  /** header lines of a recorded request */
  readonly maxHeaders: number;
}

export const DEFAULT_SURFACE_LIMITS: SurfaceLimits = {
  maxFields: 2000,
  maxDepth: 64,
  maxBodyChars: 16 * 1024 * 1024,
  maxHeaders: 200,
};
