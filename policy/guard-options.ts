// From a policy's words to what the guards take. The gateway and `bartizan screen` compile the same options, so that a
// policy tried on recorded traffic judges as it will when it bites.
import type { OutputGuardOptions } from "../guards/output/index.ts";
import type { PromptGuardOptions } from "../guards/prompt/index.ts";
import type { WafConfig } from "../guards/waf/index.ts";
import type { Policy } from "./schema.ts";

/** The parts of a policy that guards are compiled from. */
export interface Guarding {
  readonly guards: Policy["guards"];
  readonly request: Pick<Policy["request"], "max_prompt_chars">;
}

/** Null where policy does not look. */
export function wafConfig({ guards: { requests } }: Guarding): WafConfig | null {
  if (requests.mode === "off") return null;
  return {
    paranoia: requests.paranoia as WafConfig["paranoia"],
    threshold: requests.threshold,
    exclusions: requests.exclusions.map(({ rule, route, place }) => ({
      rule,
      ...(route === undefined ? {} : { route }),
      ...(place === undefined ? {} : { place }),
    })),
    mode: requests.mode === "block" ? "block" : "detect",
  };
}

export function promptGuardOptions({ guards, request }: Guarding): PromptGuardOptions {
  const { prompt, secrets, personal_data } = guards;
  const { mode, user_threshold: user, untrusted_threshold: untrusted, escalation } = prompt.injection;
  return {
    maxPromptChars: request.max_prompt_chars,
    controlTokens: prompt.control_tokens,
    structure: prompt.structure,
    injection: {
      mode,
      thresholds: { ...(user === undefined ? {} : { user }), ...(untrusted === undefined ? {} : { untrusted }) },
      ...(escalation === undefined ? {} : { escalateFrom: escalation.from }),
    },
    trusted: prompt.trusted,
    data: { secret: secrets.prompt, personal_data: personal_data.prompt },
    kinds: { ...secrets.kinds, ...personal_data.kinds },
  };
}

export function outputGuardOptions({ guards }: Guarding): OutputGuardOptions {
  const { output, secrets, personal_data, allow_echo } = guards;
  return {
    modes: {
      secret: secrets.answer,
      personal_data: personal_data.answer,
      canary: output.canaries.length > 0 ? "block" : "off",
      prompt_leak: output.prompt_leak,
      link: output.links.mode,
    },
    kinds: { ...secrets.kinds, ...personal_data.kinds },
    canaries: output.canaries,
    links: { hosts: output.links.allowed_hosts, images: output.links.images, links: output.links.links },
    limits: { leakWords: output.prompt_leak_words },
    allowEcho: allow_echo,
  };
}
