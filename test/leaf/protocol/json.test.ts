import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_JSON_LIMITS, type JsonLimits, readJsonObject } from "../../../protocol/json.ts";

const encoder = new TextEncoder();
const read = (text: string, limits?: Partial<JsonLimits>) =>
  readJsonObject(encoder.encode(text), { ...DEFAULT_JSON_LIMITS, ...limits });

function faultOf(text: string, limits?: Partial<JsonLimits>): string {
  const result = read(text, limits);
  if (result.ok) return "accepted";
  const { refusal } = result;
  return refusal.code === "invalid_json" ? `${refusal.fault}@${refusal.param ?? ""}` : refusal.code;
}

describe("duplicate keys (val-duplicate-json-keys)", () => {
  test.each([
    [
      "at the top",
      '{"model":"cheap","messages":[{"role":"user","content":"hello"}],"messages":[],"model":"dear"}',
      "messages",
    ],
    ["spelt with an escape", '{"model":"cheap","m\\u006fdel":"dear"}', "model"],
    [
      "within one message",
      '{"messages":[{"role":"user","content":"a"},{"content":"b","content":"c"}]}',
      "messages[1].content",
    ],
    ["after strings that look like structure", '{"a":"{\\"b\\":1,\\"b\\":2}","c":["}",{"d":1,"d":2}]}', "c[1].d"],
    ["behind an escaped backslash", '{"a\\\\":1,"b":"\\\\","a\\\\":2}', '["a?"]'],
    ["of the name __proto__", '{"__proto__":1,"__proto__":2}', "__proto__"],
    ["with an empty name", '{"":1,"":2}', '[""]'],
  ])("%s are refused with their place", (_, text, param) => {
    expect(faultOf(text)).toBe(`duplicate_key@${param}`);
  });

  test("the same key in different objects, and colons in strings, are no duplicates", () => {
    expect(faultOf('{"a":{"a":1},"b":[{"a":"x:y:\\":"},{"a":2}],"c:d":":"}')).toBe("accepted");
  });
});

describe("shape of the body (val-body-limit-and-shape)", () => {
  test.each([
    ["[]", "not_an_object@"],
    ["null", "not_an_object@"],
    ['"x"', "not_an_object@"],
    ["7", "not_an_object@"],
    ["", "syntax@"],
    ["  ", "syntax@"],
    ['{"model":"m","messages":[{"role":"us', "syntax@"],
    ['{"a":1}x', "syntax@"],
    ["{'a':1}", "syntax@"],
    ['{"a":NaN}', "syntax@"],
  ])("%s is refused", (text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  test("a body nested 10,000 or 10 million deep is refused and overflows no stack", () => {
    for (const depth of [10_000, 5_000_000])
      expect(faultOf(`{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`)).toBe("depth@");
    expect(faultOf('{"a":'.repeat(10_000))).toBe("depth@");
  });

  test("depth is accepted at the limit and refused one past it", () => {
    const nested = (depth: number) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    expect(faultOf(nested(64))).toBe("accepted");
    expect(faultOf(nested(65))).toBe("depth@");
  });

  test("brackets within strings are no depth", () => {
    expect(faultOf(`{"a":"${"[{".repeat(1000)}\\"${"[".repeat(1000)}"}`)).toBe("accepted");
  });

  test("keys and values are accepted at the limit and refused one past it", () => {
    expect(faultOf('{"a":1,"b":2}', { maxKeys: 2 })).toBe("accepted");
    expect(faultOf('{"a":1,"b":2,"c":3}', { maxKeys: 2 })).toBe("too_many_keys@");
    expect(faultOf('{"a":[1,2]}', { maxValues: 3 })).toBe("accepted");
    expect(faultOf('{"a":[1,2,3]}', { maxValues: 3 })).toBe("too_many_keys@");
  });
});

describe("text", () => {
  test("a byte order mark is stripped, and only the first", () => {
    expect(faultOf('\ufeff{"a":1}')).toBe("accepted");
    expect(faultOf('\ufeff\ufeff{"a":1}')).toBe("syntax@");
  });

  test.each([
    ["an overlong slash", [0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]],
    ["a surrogate in bytes", [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]],
    ["UTF-16 with a byte order mark", [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
    ["a cut sequence", [0x7b, 0x22, 0xe2, 0x82, 0x22, 0x3a, 0x31, 0x7d]],
  ])("%s is refused and never replaced", (_, bytes) => {
    const result = readJsonObject(new Uint8Array(bytes));
    expect(result.ok || (result.refusal.code === "invalid_json" && result.refusal.fault)).toBe("encoding");
  });

  test("a lone surrogate is refused in values and in keys, with its place", () => {
    expect(faultOf('{"messages":[{"role":"user","content":"a\\ud800b"}]}')).toBe("lone_surrogate@messages[0].content");
    expect(faultOf('{"a":["x",{"\\udc00":1}]}')).toBe('lone_surrogate@a[1]["?"]');
    expect(faultOf('{"a":["x","\\ude00\\ud83d"]}')).toBe("lone_surrogate@a[1]");
    expect(faultOf('{"a":"\\ud83d\\ude00","\\ud83d\\ude00":1}')).toBe("accepted");
  });

  test("a number that no double can hold is refused instead of becoming null upstream", () => {
    expect(faultOf('{"tools":[{"limit":1e999}]}')).toBe("syntax@tools[0].limit");
  });

  test("a name in a param is bounded and printable", () => {
    const result = read(`{"${"k".repeat(100_000)}":{"\\u001b[31m":"\\ud800"}}`);
    expect(!result.ok && result.refusal.code === "invalid_json" && (result.refusal.param ?? "").length).toBeLessThan(
      200,
    );
  });
});

describe("__proto__", () => {
  test("stays an own key and changes no prototype", () => {
    const result = read('{"__proto__":{"polluted":true},"a":{"__proto__":{"polluted":true}}}');
    expect(result.ok).toBe(true);
    if (!result.ok) return;
    expect(Object.hasOwn(result.value, "__proto__")).toBe(true);
    expect("polluted" in result.value).toBe(false);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("properties", () => {
  const json = fc.oneof(
    fc.json(),
    fc.json().map((text) => `{"x":${text}}`),
    fc.jsonValue().map((v) => JSON.stringify({ v }, null, 2)),
  );

  test("it accepts exactly what JSON.parse accepts, minus the named faults, and reads the same value", () => {
    fc.assert(
      fc.property(json, (text) => {
        const value: unknown = JSON.parse(text);
        const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
        const result = read(text);
        if (result.ok) expect(result.value).toEqual(value);
        // generated values have neither duplicates nor depth, so what is left are surrogates
        expect(result.ok).toBe(isObject && isWellFormed(value));
      }),
      { numRuns: 500 },
    );
  });

  test("a mutilated document never gets through unless JSON.parse takes it", () => {
    fc.assert(
      fc.property(json, fc.nat(), fc.nat(), fc.string({ maxLength: 3 }), (text, from, length, insert) => {
        const at = from % (text.length + 1);
        const cut = text.slice(0, at) + insert + text.slice(at + (length % 4));
        if (!cut.isWellFormed() || !read(cut).ok) return;
        expect(() => JSON.parse(cut)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  test("duplicates are found wherever they are, and named", () => {
    const key = fc.string({ unit: "grapheme", minLength: 1, maxLength: 5 }).filter((name) => name.isWellFormed());
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { minLength: 2, maxLength: 8 }),
        fc.nat(),
        fc.boolean(),
        (keys, pick, escaped) => {
          const double = keys[pick % keys.length] as string;
          const spelt = escaped
            ? `"${[...Array(double.length).keys()].map((i) => `\\u${double.charCodeAt(i).toString(16).padStart(4, "0")}`).join("")}"`
            : JSON.stringify(double);
          const members = keys.map((name) => `${JSON.stringify(name)}:{"a":[1,":,{"]}`);
          expect(faultOf(`{"outer":{${members.join(",")}}}`)).toBe("accepted");
          expect(faultOf(`{"outer":{${members.join(",")},${spelt}:0}}`)).toMatch(/^duplicate_key@outer/);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("long strings with escapes at any distance from each other end where JSON says", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(200), fc.constantFrom("\\\\", '\\"', "\\\\\\\\", '\\\\\\"', "\\n", "\\u0022", "é")), {
          maxLength: 20,
        }),
        (pieces) => {
          const inner = pieces.map(([length, after]) => "x".repeat(length) + after).join("");
          expect(faultOf(`{"a":"${inner}","b":[{"c":"${inner}"}]}`)).toBe("accepted");
          expect(faultOf(`{"a":"${inner}","a":"${inner}"}`)).toBe("duplicate_key@a");
        },
      ),
      { numRuns: 300 },
    );
  });
});

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, inner]) => key.isWellFormed() && isWellFormed(inner));
}
