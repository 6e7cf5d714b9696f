// Keys of clouds and of what runs in them. Prefixes and lengths as the providers document them.
import { entropy, isRandom, kindsOf } from "../checks/randomness.ts";
import type { DataRule } from "../rule.ts";
import { near, token, UUID } from "./token.ts";

export const CLOUD: readonly DataRule[] = [
  token("aws_access_key_id", "an AWS access key id", "(A3T\\x|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}", {
    skip: 4,
    bits: 1.8,
    sample: (random) =>
      `AK${"IA"}${Array.from({ length: 16 }, () => "ABCDEFGHJKMNPQRTUVWYZ23467"[Math.floor(random() * 26)]).join("")}`,
  }),
  token("aws_secret_access_key", "40 characters of base64 after an AWS key or its name", "[A-Za-z0-9/+]{40}", {
    notAfter: "\\b=",
    notBefore: "\\b=",
    context: /(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}|aws.?secret|secret.?access.?key|SecretAccessKey/i,
    judge: (datum) => (isRandom(datum, 4) && kindsOf(datum) >= 3 && !/^[0-9a-f]+$/i.test(datum) ? "weak" : "no"),
    priority: 2,
  }),
  token(
    "aws_bedrock_key",
    "an Amazon Bedrock API key",
    ["ABSK[A-Za-z0-9+/]{109,269}={0,2}", "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t[\\b=]{20,}"],
    {
      notAfter: "\\b",
      bits: 2.5,
      judge: () => "sure",
    },
  ),
  token("aws_mws_token", "an Amazon MWS token", `amzn\\.mws\\.${UUID}`, { skip: 9 }),
  token("aws_appsync_key", "an AWS AppSync key", "da2-[a-z0-9]{26}", { skip: 4 }),
  token("google_api_key", "a Google API key", "AIza[\\u]{35}", {
    notAfter: "_\\-",
    notBefore: "\\u",
    skip: 4,
    bits: 3.5,
  }),
  token("google_oauth_secret", "a Google OAuth client secret", "GOCSPX-[\\u]{28}", { notBefore: "\\u", skip: 7 }),
  token("firebase_server_key", "a server key of Firebase", "AAAA[\\u]{7}:[\\u]{140}", {
    notAfter: "\\u",
    notBefore: "\\u",
    skip: 4,
    bits: 4,
  }),
  token("google_oauth_token", "a Google OAuth token", ["ya29\\.[\\u]{20,}", "1//0[\\u]{40,160}"], {
    notAfter: "\\u/.",
    notBefore: "\\u",
    skip: 5,
  }),
  token("azure_storage_key", "an account key in an Azure connection string", "AccountKey=\\s?[\\b]{76,86}={1,2}", {
    ignoreCase: false,
    datum: afterEquals,
    notBefore: "\\b=",
  }),
  token("azure_shared_access_key", "a shared access key of Azure", "SharedAccessKey=[\\b]{43}=", {
    datum: afterEquals,
    notBefore: "\\b=",
  }),
  token("azure_app_config_secret", "the secret of an Azure App Configuration string", ";Secret=[\\b]{36,50}=?", {
    afterLetters: true,
    datum: afterEquals,
    notBefore: "\\b=",
  }),
  token("azure_sas_signature", "the signature of an Azure SAS link", "sig=[A-Za-z0-9%+/]{40,64}(%3[Dd]|=)", {
    datum: afterEquals,
    notBefore: "\\x%",
  }),
  token("azure_function_key", "the key of an Azure function in a link", "code=[A-Za-z0-9_%/+\\-]{40,100}={0,2}", {
    notAfter: "^?&",
    datum: afterEquals,
    notBefore: "\\x_%=",
    judge: (datum) => (isRandom(datum, 4) && /\d/.test(datum) ? "sure" : "no"),
    priority: 1,
  }),
  token("azure_client_secret", "a client secret of Microsoft Entra", "[A-Za-z0-9_~.]{3}\\dQ~[A-Za-z0-9_~.\\-]{31,34}", {
    notAfter: "A-Za-z0-9_~.\\-",
    notBefore: "A-Za-z0-9_~\\-",
    bits: 3.5,
  }),
  token("azure_devops_token", "an Azure DevOps personal access token", "\\x{76}AZDO\\x{4}", {
    notAfter: "\\u",
    notBefore: "\\u",
    judge: (datum) => (entropy(datum) >= 3.5 ? "sure" : "no"),
  }),
  token("azure_devops_token_legacy", "52 characters of base32 after the name of a token", "[a-z2-7]{52}", {
    notAfter: "\\u/",
    notBefore: "\\u/",
    ...near(/azure|devops|\bado\b|\bpat\b|_pat|token|vsts|tfs/i, 3.5),
  }),
  token(
    "azure_service_key",
    "a key of an Azure service",
    "[\\b]{33,76}(AzFu|AzSe|APim|ACDb|ASt|AIoT|ASBQ|ACRm)[A-Za-z0-9+/]{3,10}={0,2}",
    {
      notAfter: "\\b",
      notBefore: "\\b=",
      bits: 4,
    },
  ),
  token("databricks_token", "a Databricks personal access token", "dapi[a-h0-9]{32}(-\\d)?", { skip: 4 }),
  token("digitalocean_token", "a DigitalOcean token", "do[opr]_v1_\\h{64}", { skip: 7 }),
  token("heroku_key", "a Heroku API key", `HRKU-(${UUID}|[\\u]{58,62})`, { skip: 5 }),
  token(
    "heroku_key_legacy",
    "a UUID after Heroku's name",
    UUID,
    near(/heroku.{0,20}(?:key|token|secret|auth|password)/i, 3),
  ),
  token("cloudflare_origin_key", "a Cloudflare origin CA key", "v1\\.0-\\h{24}-\\h{146}", { skip: 5 }),
  token("alibaba_key", "an Alibaba Cloud access key id", "LTAI\\x{16,20}", { skip: 4 }),
  token("tencent_key", "a Tencent Cloud secret id", "AKID\\x{32}", { skip: 4, bits: 3.5 }),
  token(
    "yandex_key",
    "a key of Yandex Cloud",
    ["AQVN[\\u]{35,38}", "YC[\\u]{38}", "t1\\.[\\u]{1,200}={0,2}\\.[\\u]{86}={0,2}"],
    { notAfter: "\\u", notBefore: "\\u", bits: 4 },
  ),
  token("flyio_token", "a Fly.io token", ["fo1_[\\u]{43}", "fm[12][ar]?_[\\b=]{100,}"], {
    notAfter: "\\b",
    notBefore: "\\u",
    skip: 4,
    bits: 3.5,
  }),
  token(
    "hosting_token",
    "a token of a hosting service",
    [
      "nfp_\\x{36}",
      "rnd_\\x{32}",
      "tk-us-[\\u]{48}",
      "napi_[a-z0-9]{64}",
      "sbp_\\h{40}",
      "sb_secret_[\\u]{20,60}",
      "scw_\\h{40}",
    ],
    { notBefore: "\\u", skip: 4 },
  ),
  token("tailscale_key", "a Tailscale key", "tskey-(auth|api|client|webhook|scim)-\\x{8,24}-\\x{20,48}", { skip: 11 }),
  token("planetscale_token", "a PlanetScale token or password", "pscale_(tkn|pw|oauth)_[A-Za-z0-9_.\\-]{32,64}", {
    skip: 11,
  }),
  token("doppler_token", "a Doppler token", "dp\\.(ct|pt|st|sa|scim|audit)\\.([a-z0-9_\\-]{2,35}\\.)?\\x{40,44}", {
    skip: 6,
  }),
  token("pulumi_token", "a Pulumi token", "pul-\\h{40}", { notAfter: "_\\-", skip: 4 }),
  token("terraform_token", "a token of Terraform Cloud", "\\x{14}\\.atlasv1\\.[\\u=]{60,70}", {
    notBefore: "\\u",
    bits: 3.5,
  }),
  token("vault_token", "a HashiCorp Vault token", ["hv[sbr]\\.[\\u]{20,300}", "[sb]\\.[CA]A[EA][\\u]{60,300}"], {
    notAfter: "\\u.",
    notBefore: "\\u",
    skip: 4,
    bits: 3.5,
  }),
  token("vault_token_legacy", "a HashiCorp Vault token of the older form", "[sbr]\\.\\x{24}", {
    notAfter: "\\u.",
    notBefore: "\\u.(",
    judge: (datum) =>
      isRandom(datum.slice(2), 3.6) && /\d.*\d/.test(datum) && kindsOf(datum.slice(2)) === 3 ? "sure" : "no",
  }),
  token("vault_unseal_key", "a share of a Vault unseal key", "[\\b]{44}={0,2}", {
    notAfter: "\\b",
    notBefore: "\\b=",
    ...near(/unseal/i, 3.5),
  }),
  token("kubernetes_bootstrap_token", "a Kubernetes bootstrap token", "[a-z0-9]{6}\\.[a-z0-9]{16}", {
    notAfter: "\\u.",
    notBefore: "\\u.",
    context: /bootstrap|kubeadm|--token/i,
    judge: (datum) => (/\d/.test(datum) ? "weak" : "no"),
    priority: 2,
  }),
  token("openshift_token", "an OpenShift token", "sha256~[\\u]{43}", { notBefore: "\\u", skip: 7 }),
  token("docker_token", "a Docker Hub token", "dckr_(pat|oat)_[\\u]{27,32}", { notBefore: "\\u", skip: 9 }),
  token("artifactory_key", "an Artifactory key", ["AKCp\\x{60,74}", "cmVmd\\x{59}"], { skip: 4 }),
  token("prefect_key", "a Prefect key", "pnu_[a-z0-9]{36}", { skip: 4 }),
  token("infracost_key", "an Infracost key", "ico-\\x{32}", {
    notAfter: ".\\-/",
    skip: 4,
    judge: (d) => (isRandom(d.slice(4), 3) && kindsOf(d) === 4 ? "sure" : "no"),
  }),
  token(
    "kubernetes_token_secret",
    "the secret half of a bootstrap token",
    "[a-z0-9]{16}",
    near(/token-secret["']?\s?[:=]\s?["']?$/i, 2.5),
  ),
  token(
    "alicloud_secret",
    "an access key secret after the name",
    "\\x{30}",
    near(/alibaba|aliyun|alicloud|accessKeySecret/i, 3.5),
  ),
];

function afterEquals(match: string): readonly [number, number] {
  const at = match.indexOf("=") + 1;
  return [match.charAt(at) === " " ? at + 1 : at, match.length];
}
