// How a credential may be presented (RFC 9110, section 11.4; RFC 6750, section 2.1).
import { describe, expect, it } from "vitest";
import { bearerToken, presentedCredential } from "../../../identity/bearer.ts";

function kindOf(...headers: [string, string][]): string {
  const presented = presentedCredential(new Headers(headers));
  return presented.kind === "token" ? presented.token : presented.kind;
}

describe("a presented credential", () => {
  it("is read with the scheme in any case and several spaces", () => {
    for (const value of [
      "Bearer T.O-K_e~n+/==",
      "bearer T.O-K_e~n+/==",
      "BEARER    T.O-K_e~n+/==",
      "  Bearer T.O-K_e~n+/==  ",
    ])
      expect(kindOf(["authorization", value])).toBe("T.O-K_e~n+/==");
    expect(kindOf(["X-API-Key", "tok"])).toBe("tok");
  });
  it("that is not there is none, not malformed", () => {
    expect(kindOf()).toBe("none");
    expect(kindOf(["cookie", "authorization=Bearer x"], ["api-key", "x"], ["proxy-authorization", "Bearer x"])).toBe(
      "none",
    );
  });
  it("is malformed with another scheme, without a token, or with stray characters", () => {
    for (const value of [
      "",
      "Bearer",
      "Bearer ",
      "tok",
      "Basic dTpw",
      "Bearertok",
      "Bearer\ttok",
      "Bearer \ttok",
      "Bearer tok extra",
      "Bearer to:k",
      "Bearer t'k",
      "Bearer t=k",
      "Bearer =",
      "Bearer tok, Bearer tok",
      'Bearer token="tok"',
      "Token tok",
      "DPoP tok",
    ])
      expect(kindOf(["authorization", value])).toBe("malformed");
    for (const value of ["", "a b", "a,b", "Bearer tok", "a:b"]) expect(kindOf(["x-api-key", value])).toBe("malformed");
  });
  it("in two Authorization headers is malformed, even if both are equal", () => {
    expect(kindOf(["authorization", "Bearer tok"], ["authorization", "Bearer tok"])).toBe("malformed");
    expect(kindOf(["x-api-key", "tok"], ["x-api-key", "tok"])).toBe("malformed");
  });
  it("in both headers counts only if both name the same token", () => {
    expect(kindOf(["authorization", "Bearer tok"], ["x-api-key", "tok"])).toBe("tok");
    expect(kindOf(["authorization", "Bearer tok"], ["x-api-key", "other"])).toBe("malformed");
    expect(kindOf(["authorization", "Basic dTpw"], ["x-api-key", "tok"])).toBe("malformed");
    expect(kindOf(["authorization", "Bearer tok"], ["x-api-key", ""])).toBe("malformed");
    expect(kindOf(["authorization", "Bearer"], ["x-api-key", ""])).toBe("malformed");
  });
  it("in its simple form is null for none and malformed alike", () => {
    expect(bearerToken(new Headers())).toBeNull();
    expect(bearerToken(new Headers({ authorization: "Basic dTpw" }))).toBeNull();
    expect(bearerToken(new Headers({ authorization: "Bearer tok" }))).toBe("tok");
  });
});
