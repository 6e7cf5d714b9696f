// The commands of `npx bartizan`, one file a verb in commands/.
import { Command } from "commander";
import { auditRecords } from "./commands/audit/records.ts";
import { auditVerify } from "./commands/audit/verify.ts";
import { bench } from "./commands/bench.ts";
import { bootstrap } from "./commands/bootstrap.ts";
import { clientsCreate } from "./commands/clients/create.ts";
import { clientsDelete } from "./commands/clients/delete.ts";
import { clientsList } from "./commands/clients/list.ts";
import { clientsPatch } from "./commands/clients/patch.ts";
import { clientsRotateSecret } from "./commands/clients/rotate-secret.ts";
import { clientsShow } from "./commands/clients/show.ts";
import { doctor } from "./commands/doctor.ts";
import { events } from "./commands/events.ts";
import { init } from "./commands/init.ts";
import { keysCreate } from "./commands/keys/create.ts";
import { keysList } from "./commands/keys/list.ts";
import { keysPatch } from "./commands/keys/patch.ts";
import { keysRevoke } from "./commands/keys/revoke.ts";
import { keysRotate } from "./commands/keys/rotate.ts";
import { keysShow } from "./commands/keys/show.ts";
import { keysUsage } from "./commands/keys/usage.ts";
import { modelsList } from "./commands/models/list.ts";
import { modelsVerify } from "./commands/models/verify.ts";
import { policyCheck } from "./commands/policy/check.ts";
import { policyDiff } from "./commands/policy/diff.ts";
import { policyDigest } from "./commands/policy/digest.ts";
import { policyMatrix } from "./commands/policy/matrix.ts";
import { policyShow } from "./commands/policy/show.ts";
import { screenHttp } from "./commands/screen/http.ts";
import { screenOutput } from "./commands/screen/output.ts";
import { screenPrompt } from "./commands/screen/prompt.ts";
import { signingKeysList } from "./commands/signing-keys/list.ts";
import { signingKeysRotate } from "./commands/signing-keys/rotate.ts";
import { signingKeysWithdraw } from "./commands/signing-keys/withdraw.ts";
import { tokensVerify } from "./commands/tokens/verify.ts";

const CLIENTS = [clientsCreate, clientsList, clientsShow, clientsPatch, clientsRotateSecret, clientsDelete];

/** Throws commander's own error for wrong usage and for help, once it has printed what there is to say. */
export function buildProgram(): Command {
  const program = new Command("bartizan")
    .description("Administer a Bartizan gateway, check its policy, its models and its log.")
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText("after", "\nExit status: 0 it holds, 1 it does not or could not be asked, 2 wrong usage.");

  program.addCommand(
    group("keys", "API keys", [keysCreate, keysList, keysShow, keysPatch, keysRotate, keysRevoke, keysUsage]),
  );
  program.addCommand(group("clients", "OAuth clients", CLIENTS));
  program.addCommand(
    group("signing-keys", "the keys that sign tokens", [signingKeysList, signingKeysRotate, signingKeysWithdraw]),
  );
  program.addCommand(events());
  program.addCommand(group("tokens", "tokens and their signatures", [tokensVerify]));
  program.addCommand(
    group("policy", "policy files", [policyCheck, policyDigest, policyShow, policyDiff, policyMatrix]),
  );
  program.addCommand(group("models", "sealed models", [modelsList, modelsVerify]));
  program.addCommand(group("audit", "the audit log", [auditVerify, auditRecords]));
  program.addCommand(group("screen", "guards, on recorded traffic", [screenHttp, screenPrompt, screenOutput]));
  program.addCommand(init());
  program.addCommand(bootstrap());
  program.addCommand(doctor());
  program.addCommand(bench());
  return program;
}

function group(name: string, description: string, verbs: readonly (() => Command)[]): Command {
  const command = new Command(name).description(description).exitOverride();
  for (const verb of verbs) command.addCommand(verb());
  return command;
}
