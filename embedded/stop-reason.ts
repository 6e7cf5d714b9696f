// A reason to end that is the user's to read: one clear sentence, no stack.

/** The start cannot go on. The message is printed as it is. */
export class StartError extends Error {
  override readonly name = "StartError";
}
