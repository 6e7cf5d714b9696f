// The contract against the production shape: three Workers side by side, each with only its own bindings.
import { afterAll, beforeAll, describe } from "vitest";
import { startThreeWorkers, type ThreeWorkers } from "../support/three-workers.ts";
import { describeContract } from "./contract/index.ts";

let deployment: ThreeWorkers;

beforeAll(async () => {
  deployment = await startThreeWorkers();
});
afterAll(() => deployment?.stop());

describe("three Workers in one Miniflare", () => describeContract(() => deployment.target));
