// Public names of the guard against model extraction.
export { type Probe, probeOf } from "./probe.ts";
export { type Assessment, assess, observe, type ProbingRule, type Sketch, type SketchEntry } from "./sketch.ts";
