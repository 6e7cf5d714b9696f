// `node test/support/oidc-serve.ts PORT`: an OpenID provider on this machine, to try external issuers with (see
// docs/authentication.md). Its client `alice` is in the group `ml`.
import process from "node:process";
import { OIDC_SECRET, startOidcProvider } from "./oidc-provider.ts";

const provider = await startOidcProvider(Number(process.argv[2] ?? 9400));
await provider.token("alice", "https://bartizan.example", { groups: ["ml"] });
process.stdout.write(`issuer ${provider.issuer}, client alice, secret ${OIDC_SECRET}\n`);
