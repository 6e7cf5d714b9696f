// A client as the API describes it, with its secret last: it is there to be copied, and shown this once.
import { printLine } from "../../output.ts";
import { printKey } from "../keys/show-key.ts";

export function printWithSecret({ client_secret, ...client }: Readonly<Record<string, unknown>>): void {
  printKey(client);
  if (typeof client_secret === "string") printLine(`\n${client_secret}`);
}
