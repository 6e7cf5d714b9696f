// Names of a company's own systems: no secrets, but some policies keep them inside. In a prompt they are told of, unless
// policy says otherwise of their kind; in an answer they are looked for only where it names it.

import { isRandom, kindsOf } from "../checks/randomness.ts";
import type { DataRule } from "../rule.ts";
import { type TokenOptions, token } from "./token.ts";

const identifier: TokenOptions = { optional: true, judge: () => "sure", priority: 0 };

export const IDENTIFIERS: readonly DataRule[] = [
  token(
    "aws_arn",
    "an Amazon resource name",
    "arn:aws[a-z\\-]{0,8}:[a-z0-9\\-]{1,32}:[a-z0-9\\-]{0,20}:\\d{0,12}:[A-Za-z0-9_+=,.@/*$:{}\\-]{1,256}",
    { ...identifier, notBefore: "" },
  ),
  token("aws_account_id", "an AWS account id after the name", "\\d{12}", {
    ...identifier,
    judge: () => "weak",
    context: /aws.?account|account.?id|:iam:|AWSAccount/i,
  }),
  token(
    "cloud_bucket",
    "the name of a storage bucket, and not a link to what is in it",
    [
      "[a-z0-9][a-z0-9.\\-]{1,62}\\.s3([.\\-][a-z0-9\\-]{4,20})?\\.amazonaws\\.com",
      "s3([.\\-][a-z0-9\\-]{4,20})?\\.amazonaws\\.com/[a-z0-9][a-z0-9.\\-]{1,62}",
      "([a-z0-9][a-z0-9._\\-]{0,62}\\.)storage\\.googleapis\\.com",
      "storage\\.googleapis\\.com/[a-z0-9][a-z0-9._\\-]{1,62}",
    ],
    { ...identifier, notAfter: ".\\-_", notBefore: "\\x/\\-" },
  ),
  token(
    "oauth_client_id",
    "an OAuth client id",
    ["\\d{9,14}-[a-z0-9]{32}\\.apps\\.googleusercontent\\.com", "sq0idp-[\\u]{22}"],
    identifier,
  ),
  token("shop_domain", "a shop's own domain", "([a-z0-9\\-]{1,40}\\.)?[a-z0-9][a-z0-9\\-]{0,59}\\.myshopify\\.com", {
    ...identifier,
    notAfter: ".\\-",
  }),
  token("age_recipient", "an age recipient, a public key", "age1[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{58}", identifier),
  token("user_name", "a user name after its name in an environment", "[A-Za-z0-9._@\\-]{3,64}", {
    ...identifier,
    notAfter: "._@\\-",
    judge: () => "weak",
    context: /[A-Z]_(?:USER|USERNAME)\s?=\s?["']?$/,
    notBefore: "\\x",
  }),
  token("oauth_client_named", "a client's or an application's id after its name", "[A-Za-z0-9]{18,40}", {
    ...identifier,
    kind: "oauth_client_id",
    context:
      /(?:client|consumer|app(?:lication)?|twitter|linkedin|facebook|github|discord|spotify)[_ -]?id["']?\s{0,24}(?:=>|:=|[:=])\s{0,24}["']?$/i,
    judge: (datum) => (isRandom(datum, 3.2) && kindsOf(datum) >= 2 ? "weak" : "no"),
  }),
];
