// What the field table says of a field. One class each:
//   enforced  the gateway itself acts on it, and decides what of it goes upstream
//   passed    goes upstream as it was read
//   ignored   accepted for the sake of clients, without effect, and listed in `bartizan-ignored-fields`
//   refused   known, and beyond what this gateway does: 400 `unsupported_parameter`
import type { z } from "zod";
import type { Capability } from "../capability.ts";

export type FieldClass = "enforced" | "passed" | "ignored" | "refused";

/**
 * Whose words the texts in a field are, which decides how guards judge them:
 *   turns     each message says for itself who speaks
 *   operator  what the application is made of, such as tool definitions: role `definition`, trusted as far as policy says so
 *   caller    what came with this one request: a user's words
 *   anyone    a page, a document, and every field that nobody named: judged as strictly as a tool's result
 *   nobody    words of a fixed list, numbers, names that stay here: no text of anyone's
 */
export type Writer = "turns" | "operator" | "caller" | "anyone" | "nobody";

export interface Field<T extends z.ZodType = z.ZodType> {
  readonly class: FieldClass;
  readonly schema: T;
  /** True for a value that asks for nothing (`n: 1`, `tools: []`): taken as absence, so that no backend trips over it. */
  readonly neutral?: (value: z.output<T>) => boolean;
  /** What the backend must be able to do for this value. */
  readonly needs?: (value: z.output<T>) => readonly Capability[];
  /** Absent: `anyone`. A field that is forgotten here is judged too strictly, never not at all. */
  readonly writer?: Writer;
  /** For an ignored field: values that cannot be ignored honestly. */
  readonly refuses?: (value: z.output<T>) => boolean;
}

type Rules<T extends z.ZodType> = Omit<Field<T>, "class" | "schema">;

/** A row of the table; ties the value's type to the rules about it. */
export function field<C extends FieldClass, T extends z.ZodType>(
  fieldClass: C,
  schema: T,
  rules: Rules<T> = {},
): Field<T> & { readonly class: C } {
  return { class: fieldClass, schema, ...rules };
}

/** The table as the parser walks it: the tie between value and rules was checked where the row was written. */
export type FieldTable = Readonly<Record<string, Field>>;

type Kept<F> = F extends { readonly class: "enforced" | "passed"; readonly schema: infer T extends z.ZodType }
  ? z.output<T>
  : never;

/** The typed request that a table yields: its enforced and passed fields, present only where they ask for something. */
export type RequestOf<Table, Required extends keyof Table> = {
  readonly [K in Required]: Kept<Table[K]>;
} & {
  readonly [K in Exclude<keyof Table, Required> as Kept<Table[K]> extends never ? never : K]?: Kept<Table[K]>;
};
