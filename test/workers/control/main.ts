// Control with the object that it hosts, and the directory suite's fakes for the Workers that it speaks to.
export { default, KeyDirectory } from "../../../workers/control/index.ts";
export { FakeAppend, FakeGateway, FakeVerificationKeys } from "../key-directory/fakes.ts";
