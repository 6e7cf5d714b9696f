// Why loading stopped, as a code that the parent may see.
import type { FailureCode } from "./messages.ts";

export class LoadFailure extends Error {
  readonly code: FailureCode;
  constructor(code: FailureCode) {
    super(`loading failed: ${code}`);
    this.name = "LoadFailure";
    this.code = code;
  }
}
