// Tokens of code hosts, registries, build services and tools for developers.
import { crc32Base62 } from "../checks/crc32.ts";
import { isPlaceholder, isRandom } from "../checks/randomness.ts";
import type { Certainty, DataRule } from "../rule.ts";
import { near, token, UUID } from "./token.ts";

export const DEVELOPMENT: readonly DataRule[] = [
  token("github_token", "a GitHub token", ["gh[pous]_\\x{36}", "ghr_\\x{36,76}"], { judge: checksummed(4) }),
  token("github_fine_grained_token", "a fine-grained GitHub token", "github_pat_\\x{22}_\\x{59}", {
    judge: checksummed(11),
  }),
  token(
    "gitlab_token",
    "a GitLab token",
    [
      "gl(pat|ptt|dt|rt|cbt|ft|soat|oas|agent|imt|ffct|wt)-[\\u]{20,64}",
      "gl(pat|rt|cbt)-[\\u]{20,300}\\.[0-9a-z]{2,3}[0-9a-z]{7}",
      "GR1348941[\\u]{20}",
    ],
    { notBefore: "\\u", skip: 9 },
  ),
  token("bitbucket_token", "a Bitbucket app password or token", ["ATBB\\x{32}", "ATCTT3xFfG[\\u=]{160,220}"], {
    notBefore: "\\u",
    skip: 4,
  }),
  token("atlassian_token", "an Atlassian API token", "ATATT3[\\u=]{160,220}", { notAfter: "\\u", notBefore: "\\u=" }),
  token("npm_token", "an npm token", "npm_\\x{36}", { judge: checksummed(4) }),
  token("npm_token_legacy", "a UUID after the name of an npm token", UUID, near(/npm.{0,8}token|_authToken/i, 3)),
  token("pypi_token", "a PyPI upload token", "pypi-AgE[\\u]{50,}", { notAfter: "\\u", notBefore: "\\u", skip: 8 }),
  token("rubygems_key", "a RubyGems key", "rubygems_\\h{48}", { skip: 9 }),
  token("crates_token", "a crates.io token", "cio\\x{32}", { skip: 3, bits: 3.6 }),
  token("nuget_key", "a NuGet key", "oy2[a-z0-9]{43}", { skip: 3 }),
  token("clojars_token", "a Clojars token", "CLOJARS_[a-z0-9]{60}", { skip: 8 }),
  token("sonarqube_token", "a SonarQube token", "sq[pua]_\\h{40}", { skip: 4 }),
  token(
    "sonarqube_token_legacy",
    "40 hexadecimal digits after Sonar's login",
    "\\h{40}",
    near(/sonar.{0,4}(?:login|token)/i, 3),
  ),
  token("sourcegraph_token", "a Sourcegraph token", ["sgp_\\H{40}", "sgp_(local|\\H{16})_\\H{40}"], { skip: 4 }),
  token(
    "sourcegraph_token_legacy",
    "40 hexadecimal digits after Sourcegraph's name",
    "\\H{40}",
    near(/sourcegraph/i, 3),
  ),
  token("buildkite_token", "a Buildkite token", "bk(ua|at)_\\h{40}", { skip: 5 }),
  token("circleci_token", "a CircleCI token", "CCIP(AT|RJ)_\\x{20,22}_\\h{40}", { skip: 7 }),
  token("postman_key", "a Postman key", "PMAK-\\h{24}-\\h{34}", { skip: 5 }),
  token("sentry_token", "a Sentry token", ["sntryu_\\h{64}", "sntrys_eyJ[\\b=_]{80,}"], {
    notAfter: "\\u",
    notBefore: "\\b=",
    skip: 7,
  }),
  token("linear_key", "a Linear key", "lin_(api|oauth)_\\x{40,64}", { skip: 8 }),
  token("notion_token", "a Notion token", ["ntn_\\d{11}\\x{35}", "secret_\\x{43}"], { skip: 7, bits: 3.5 }),
  token("figma_token", "a Figma token", "fig[dou]r?_[\\u]{40,64}", { notBefore: "\\u", skip: 5 }),
  token("figma_token_legacy", "a token after Figma's name", `\\d{4,6}-${UUID}`, near(/figma/i, 3)),
  token("airtable_token", "an Airtable token", "pat\\x{14}\\.\\h{64}", { skip: 3 }),
  token("airtable_key", "an Airtable key after the name", "key\\x{14}", near(/airtable/i, 3)),
  token("asana_token", "an Asana token", ["[12]/\\d{13,17}(/\\d{13,17})?:\\h{32}"], { notAfter: "\\x/" }),
  token("readme_key", "a ReadMe key", "rdme_[a-z0-9]{70}", { skip: 5 }),
  token(
    "grafana_token",
    "a Grafana token",
    ["glsa_\\x{32}_\\H{8}", "glc_[\\b=]{32,400}", "eyJrIjoi[\\b_\\-]{50,400}={0,2}"],
    { notAfter: "\\b", notBefore: "\\b_=", skip: 5 },
  ),
  token(
    "new_relic_key",
    "a New Relic key",
    [
      "NRAK-[A-Z0-9]{27}",
      "NR(II|IQ)-[\\u]{32}",
      "NRAA-\\h{27}",
      "NRRA-\\h{42}",
      "NRJS-\\h{19}",
      `px-(dep|api)-${UUID}`,
    ],
    { notBefore: "\\u", skip: 5, judge: (d) => (isRandom(d, 3) || /^NRAK-[A-Z0-9]{27}$/.test(d) ? "sure" : "no") },
  ),
  token("new_relic_license_key", "a New Relic licence key", "(eu\\d{2}xx)?\\h{30,36}NRAL", { judge: () => "sure" }),
  token(
    "new_relic_license_key_legacy",
    "40 hexadecimal digits after the name of a licence key",
    "\\h{40}",
    near(/license_?key|newrelic|new_relic/i, 3),
  ),
  token("dynatrace_token", "a Dynatrace token", "dt0[a-z]\\d{2}\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}", { skip: 7 }),
  token("launchdarkly_key", "a LaunchDarkly key", `(sdk|api)-${UUID}`, {
    notAfter: "\\-_",
    skip: 4,
    ...near(/launch.?darkly|\bLD_|ldclient/i, 3),
  }),
  token("stackhawk_key", "a StackHawk key", "hawk\\.\\x{20}\\.\\x{20}", { skip: 5 }),
  token("dependency_track_key", "a Dependency-Track key", "odt_\\x{32,40}", { skip: 4 }),
  token("octopus_key", "an Octopus Deploy key", "API-[A-Z0-9]{25,27}", {
    notAfter: "\\-_./",
    judge: (d) => (isRandom(d.slice(4), 3.4) && /\d/.test(d) && /[G-Z]/.test(d.slice(4)) ? "sure" : "no"),
  }),
  token(
    "codeclimate_token",
    "64 hexadecimal digits after Code Climate's name",
    "\\h{64}",
    near(/codeclimate|CC_TEST_REPORTER/i, 3),
  ),
  token("snyk_token", "a UUID after Snyk's name", UUID, near(/snyk.{0,16}(?:token|key|auth)/i, 3)),
  token("sauce_key", "a UUID after the name of a Sauce Labs key", UUID, near(/sauce.{0,16}(?:key|token)/i, 3)),
  token("truenas_key", "a TrueNAS key", "\\d{1,3}-\\x{64}", { notAfter: "\\u/.", bits: 4 }),
  token(
    "jenkins_token",
    "a token after Jenkins's name",
    ["11\\h{32}", "\\H{32,34}", "\\H{64}", UUID],
    near(/jenkins.{0,24}(?:token|passw|crumb|key|secret)/i, 3),
  ),
  token(
    "jenkins_initial_password",
    "the first password of a Jenkins server",
    "\\h{32}",
    near(
      /initial[ _-]?(?:admin[ _-]?)?(?:setup|password)|password to proceed|administrator password|following password/i,
      3.2,
    ),
  ),
  token("django_secret_key", "Django's secret key", "django-insecure-[A-Za-z0-9!@#$%^&*()_=+\\-]{40,60}", {
    notBefore: "\\x",
    skip: 16,
  }),
];

/** The last six characters are the CRC of those before: proof. Without it, and where an example was altered, chance. */
function checksummed(prefix: number): (datum: string) => Certainty {
  return (datum) => {
    const body = datum.slice(prefix);
    const proven = crc32Base62(body.slice(0, -6)) === body.slice(-6);
    if (proven) return "sure";
    if (isPlaceholder(body)) return "no";
    return isRandom(body, 3) ? "sure" : "no";
  };
}
