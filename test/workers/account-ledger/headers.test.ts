// What the limits look like on the wire.
import { expect, test } from "vitest";
import { limitHeaders, withHeaders } from "../../../durable-objects/account-ledger/headers.ts";
import { answerOf } from "../../../protocol/refusal.ts";
import { admission, Bench } from "./support.ts";

test("an account without limits says nothing of them", () => {
  const bench = Bench.provisioned();
  bench.admit();
  expect(limitHeaders(bench.state, bench.now)).toEqual({});
});

test("every limit is a policy, with its unit and window, and its standing after this request", () => {
  const bench = Bench.provisioned({
    requests_per_second: 60,
    requests_per_minute: 60,
    requests_per_day: 1000,
    input_tokens_per_minute: 6000,
    output_tokens_per_minute: 6000,
    concurrency: 4,
    tokens_per_day: 10_000,
    tokens_per_month: 100_000,
  });
  bench.admit();
  const headers = limitHeaders(bench.state, bench.now);
  expect(headers["ratelimit-policy"]).toBe(
    '"requests_per_second";q=60;w=1, "requests_per_minute";q=60;w=60, "input_tokens_per_minute";q=6000;qu="tokens";w=60, ' +
      '"output_tokens_per_minute";q=6000;qu="tokens";w=60, "requests_per_day";q=1000;w=86400, ' +
      '"concurrency";q=4;qu="concurrent-requests", "tokens_per_day";q=10000;qu="tokens";w=86400, ' +
      '"tokens_per_month";q=100000;qu="tokens"',
  );
  expect(headers.ratelimit).toBe(
    '"requests_per_second";r=9;t=1, "requests_per_minute";r=9;t=1, "input_tokens_per_minute";r=5990;t=1, ' +
      '"output_tokens_per_minute";r=5900;t=1, "requests_per_day";r=999;t=43200, "concurrency";r=3;t=0, ' +
      '"tokens_per_day";r=9890;t=43200, "tokens_per_month";r=99890;t=475200',
  );
  expect(headers).toMatchObject({
    "x-ratelimit-limit-requests": "60",
    "x-ratelimit-remaining-requests": "9",
    "x-ratelimit-reset-requests": "1s",
    "x-ratelimit-limit-tokens": "6000",
    "x-ratelimit-remaining-tokens": "5900",
    "x-ratelimit-reset-tokens": "1s",
  });
});

test("the policy follows a change of limits", () => {
  const bench = Bench.provisioned({ requests_per_day: 5 });
  expect(limitHeaders(bench.state, bench.now)["ratelimit-policy"]).toBe('"requests_per_day";q=5;w=86400');
  bench.do("change", { credential_id: "key_1", limits: { requests_per_day: 6 } });
  expect(limitHeaders(bench.state, bench.now)["ratelimit-policy"]).toBe('"requests_per_day";q=6;w=86400');
  expect(limitHeaders(bench.state, bench.now)["x-ratelimit-reset-requests"]).toBe("12h0m0s");
});

test("times below a second and above a minute are spelt as OpenAI spells them", () => {
  const bench = Bench.provisioned({ requests_per_minute: 600, output_tokens_per_minute: 100 });
  bench.admit();
  const headers = limitHeaders(bench.state, bench.now);
  expect(headers["x-ratelimit-reset-requests"]).toBe("100ms");
  expect(headers["x-ratelimit-reset-tokens"]).toBe("1m0s");
  bench.now += 500;
  expect(limitHeaders(bench.state, bench.now)["x-ratelimit-reset-tokens"]).toBe("59.5s");
});

test("a refusal for want of quota carries them too, with a Retry-After in whole seconds, rounded up", () => {
  const bench = Bench.provisioned({ requests_per_minute: 7 });
  bench.admit();
  const reply = withHeaders(bench.do("admit", admission()), bench.state, bench.now);
  if (reply.admitted) throw new Error("admitted");
  const answer = answerOf(reply.refusal);
  expect(answer.status).toBe(429);
  expect(answer.headers).toMatchObject({ "retry-after": "9", ratelimit: '"requests_per_minute";r=0;t=9' });
});
