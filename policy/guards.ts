// The part of a policy that says what the guards look for and what becomes of a finding. What is found, and how, is
// guards'; here is how a choice is spelt. Every default that stops something stops it: a guard is switched off by name.
import { z } from "zod";
import { CLASSIFIER_THRESHOLDS } from "../guards/prompt/index.ts";

/** `block` refuses (an answer is cut), `report` lets pass and records, `off` does not look. */
export const guardModeSchema = z.enum(["block", "report", "off"]);
export type GuardMode = z.infer<typeof guardModeSchema>;

/** `redact`: replaced by a placeholder; what a prompt's placeholders stand for is restored in that request's own answer. */
export const dataModeSchema = z.enum(["block", "redact", "report", "off"]);
export type DataMode = z.infer<typeof dataModeSchema>;

const kind = z.string().regex(/^[a-z0-9_]{1,64}$/);
const probability = z.number().min(0).max(1);
const modelName = z.string().min(1).max(256);

/** A host, or `*.host` for all below it. */
const hostPattern = z.string().regex(/^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?(?::\d{1,5})?$/);

const requestsSchema = z.strictObject({
  mode: guardModeSchema.default("block"),
  /** 1: hardly ever wrong; 4: everything that could be meant badly */
  paranoia: z.int().min(1).max(4).default(2),
  /** the rules that one field breaks add up (critical 5, error 4, warning 3, notice 2): from here on it is an attack */
  threshold: z.int().min(1).max(100).default(5),
  /** a rule (`sql-*`: a class) that does not count on a route, or in a place (`query.q`, `body.comment*`), or both */
  exclusions: z
    .array(
      z.strictObject({
        rule: z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,95}\*?$/),
        route: z.string().max(128).optional(),
        place: z.string().max(128).optional(),
      }),
    )
    .max(512)
    .default([]),
});

/** A second opinion on the middle band, from a model behind the same backends. */
const escalationSchema = z.strictObject({
  /** a model of this policy; needs no scope of the caller */
  model: modelName,
  /** how its answer is read: Llama Guard's `safe`/`unsafe`, a label with a score, or a plain yes or no */
  format: z.enum(["llama-guard", "classifier", "yes-no"]),
  /** scores from here up to the threshold are asked about */
  from: probability.default(CLASSIFIER_THRESHOLDS.user.escalate),
  timeout_ms: z.int().min(50).max(10_000).default(1500),
  /** what happens when it does not answer in time or not in its format */
  on_failure: z.enum(["block", "pass"]).default("block"),
});

const promptSchema = z.strictObject({
  /** chat-template control tokens in text that a client sent */
  control_tokens: guardModeSchema.default("block"),
  /** forged turns, repetition and token bombs, hidden characters */
  structure: guardModeSchema.default("block"),
  injection: z
    .strictObject({
      mode: guardModeSchema.default("block"),
      /** scores from here on are injections; absent: as calibrated */
      user_threshold: probability.optional(),
      /** for tool results, documents and files */
      untrusted_threshold: probability.optional(),
      escalation: escalationSchema.optional(),
    })
    .prefault({}),
  /** texts that the operator writes: not judged as injections. Take a name away where callers write it. */
  trusted: z.array(z.enum(["system", "developer", "definition"])).default(["system", "developer", "definition"]),
});

const dataSchema = z.strictObject({
  prompt: dataModeSchema.default("report"),
  answer: dataModeSchema,
  /** by kind (`email`, `iban`), over both */
  kinds: z.record(kind, dataModeSchema).default({}),
});

const foreignLinksSchema = z.enum(["none", "no_data", "any"]);

const outputSchema = z.strictObject({
  /** the request's own system message, said again */
  prompt_leak: guardModeSchema.default("block"),
  /** consecutive words that count as a leak */
  prompt_leak_words: z.int().min(6).max(64).default(12),
  /** texts that must never leave: planted markers, names of projects */
  canaries: z.array(z.string().min(8).max(256)).max(256).default([]),
  links: z
    .strictObject({
      mode: guardModeSchema.default("block"),
      /** hosts that may be linked with anything in it */
      allowed_hosts: z.array(hostPattern).max(1024).default([]),
      /** to other hosts, what a client loads by itself: none, none that carries data, any */
      images: foreignLinksSchema.default("no_data"),
      /** what a person follows: search engines and documentation carry data in every second link */
      links: foreignLinksSchema.default("any"),
    })
    .prefault({}),
});

const extractionSchema = z.strictObject({
  /** fields that need a scope of the same name: `logprobs` (with `top_logprobs`), `logit_bias`, `n` (above 1), `echo` */
  scoped: z.array(z.enum(["logprobs", "logit_bias", "n", "echo"])).default(["logprobs", "logit_bias", "n", "echo"]),
  probing: z
    .strictObject({
      /** what a key that probes systematically gets: a record, ever longer waits, or nothing more */
      mode: z.enum(["off", "event", "slow", "stop"]).default("event"),
      /** near-duplicate prompts of one template within the window */
      template_prompts: z.int().min(10).max(1_000_000).default(500),
      /** share of them that differ in what stands in the template's slots */
      coverage: probability.default(0.8),
      window_s: z.int().min(60).max(86_400).default(3600),
    })
    .prefault({}),
});

export const guardsSchema = z
  .strictObject({
    requests: requestsSchema.prefault({}),
    prompt: promptSchema.prefault({}),
    secrets: dataSchema.prefault({ answer: "block" }),
    personal_data: dataSchema.prefault({ answer: "report" }),
    /** an answer may repeat a datum that the same request held */
    allow_echo: z.boolean().default(true),
    output: outputSchema.prefault({}),
    extraction: extractionSchema.prefault({}),
    /** what a client is told of a refusal: that it was refused, the kind of finding, or the rule */
    explain: z.enum(["nothing", "category", "rule"]).default("category"),
  })
  .prefault({});

export type GuardsPolicy = z.infer<typeof guardsSchema>;
export type RequestsPolicy = z.infer<typeof requestsSchema>;
export type DataPolicy = z.infer<typeof dataSchema>;
export type OutputPolicy = z.infer<typeof outputSchema>;
export type ExtractionPolicy = z.infer<typeof extractionSchema>;
export type EscalationPolicy = z.infer<typeof escalationSchema>;
