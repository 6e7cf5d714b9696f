// Names of somebody's own systems: told of in prompts, never a reason to refuse one unless policy names their kind.
import { describe, expect, it } from "vitest";
import { compileOutputGuard } from "../../../../guards/output/index.ts";
import { compilePromptGuard, judgePrompt, type PromptGuardOptions } from "../../../../guards/prompt/index.ts";

const OPTIONS: PromptGuardOptions = {
  maxPromptChars: 10_000,
  controlTokens: "off",
  structure: "off",
  injection: { mode: "off" },
  trusted: [],
  data: { secret: "block", personal_data: "off" },
};
const ARN = "why may arn:aws:s3:::my_corporate_bucket/* not be read?";
const judged = (text: string, options: Partial<PromptGuardOptions> = {}) => {
  const { blocked, verdicts } = judgePrompt(
    [{ where: "input", role: "user", text }],
    compilePromptGuard({ ...OPTIONS, ...options }),
  );
  return [blocked !== null, verdicts.map(({ rule, action }) => `${rule} ${action}`)];
};

describe("a name of a cloud resource", () => {
  it("is reported where secrets are blocked, and does not hide one beside it", () => {
    expect(judged(ARN)).toEqual([false, ["secret.aws_arn report"]]);
    const link = `${ARN} postgres://app:s3cr3t-Pa55@db.internal/app`;
    expect(judged(link)).toEqual([true, ["secret.aws_arn report", "secret.url_password block"]]);
  });

  it("is what policy says of its kind, and not looked for where no secret is", () => {
    expect(judged(ARN, { kinds: { aws_arn: "block" } })[0]).toBe(true);
    expect(judged(ARN, { kinds: { aws_arn: "off" } })).toEqual([false, []]);
    expect(judged(ARN, { data: { secret: "off", personal_data: "report" } })).toEqual([false, []]);
  });

  it("cuts no answer that policy does not have it cut", () => {
    const modes = { secret: "block", personal_data: "off", canary: "off", prompt_leak: "off", link: "off" } as const;
    const links = { hosts: [], images: "any", links: "any" } as const;
    const guard = (kinds: Record<string, "block">) =>
      compileOutputGuard({ modes, kinds, canaries: [], links, limits: {}, allowEcho: false });
    expect(guard({}).data[0]?.detector.find(ARN)).toEqual([]);
    expect(guard({ aws_arn: "block" }).data[0]?.detector.find(ARN)).toHaveLength(1);
  });
});
