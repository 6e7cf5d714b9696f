// Composes the training texts that no corpus holds: goal × technique × carrier × language, and innocent twins beside each.
import type { Row } from "../example.ts";
import type { Random } from "../random.ts";
import { BENIGN_LISTS, LOOKALIKES, ORDINARY, OWN_WISHES, SMALLTALK } from "./benign-en.ts";
import { type Carried, carry, insert } from "./carriers.ts";
import { CODE_ASKED, CODE_LISTS, CODE_RETURNED } from "./code.ts";
import { DIRECT_FRAMES, DIRECT_LISTS, DIRECT_SHORT, FRAME_LISTS } from "./direct.ts";
import { expand, type Lists, tidy } from "./grammar.ts";
import { INDIRECT_LISTS, INJECTIONS, NOTES } from "./indirect.ts";
import { NEWS_LISTS } from "./news.ts";
import { jailbreak, PERSONA_LISTS, persona } from "./personas.ts";
import { SMALLTALK_OF_LANGUAGES } from "./smalltalk.ts";
import type { Tongue } from "./tongue.ts";
import { TONGUE_LISTS_1, TONGUES_1 } from "./tongues-1.ts";
import { TONGUE_LISTS_2, TONGUES_2 } from "./tongues-2.ts";
import { TONGUE_LISTS_3, TONGUES_3 } from "./tongues-3.ts";
import { saladOf, scruffy } from "./typing.ts";
import { WORDS } from "./words.ts";

export const TONGUES: readonly Tongue[] = [...TONGUES_1, ...TONGUES_2, ...TONGUES_3];

export const LISTS: Lists = {
  ...WORDS,
  ...DIRECT_LISTS,
  ...FRAME_LISTS,
  ...NEWS_LISTS,
  ...BENIGN_LISTS,
  ...INDIRECT_LISTS,
  ...PERSONA_LISTS,
  ...CODE_LISTS,
  ...TONGUE_LISTS_1,
  ...TONGUE_LISTS_2,
  ...TONGUE_LISTS_3,
};

const USER = 0;
const TOOL = 1;

/** Texts that tools returned and that are clean: what composed injections and notes are put into. */
export type Contexts = readonly string[];

export function compose(random: Random, size: number, contexts: Contexts): Row[] {
  return new Composer(random, contexts).run(size);
}

/** Injections that say whom they address: wrong in anyone's text. */
const ADDRESSED = INJECTIONS.filter((template) => template.startsWith("{address}"));

function shift([start, end]: readonly [number, number], by: number): readonly [number, number] {
  return [start + by, end + by];
}

class Composer {
  readonly #random: Random;
  readonly #contexts: Contexts;
  readonly #rows: Row[] = [];

  constructor(random: Random, contexts: Contexts) {
    this.#random = random;
    this.#contexts = contexts;
  }

  run(size: number): Row[] {
    for (let count = 0; count < size; count++) {
      this.#direct(count);
      this.#tongue();
      if (count % 2 === 0) this.#own();
      this.#indirect();
      if (count % 3 === 0) this.#personas();
      if (count % 4 === 0) this.#code();
    }
    return this.#rows;
  }

  #add(text: string, role: number, label: number, family: string, focus?: readonly [number, number]): void {
    this.#rows.push({ text, role, label, weight: 1, family, ...(focus === undefined ? {} : { focus }) });
  }

  #fill(template: string): string {
    const lists = template.includes("{salad}") ? { ...LISTS, salad: [saladOf(this.#random)] } : LISTS;
    return tidy(expand(template, lists, this.#random));
  }

  #pick(templates: readonly string[]): string {
    return this.#fill(this.#random.pick(templates));
  }

  /** Mostly what a user types; now and then the whole of what a tool returned. */
  #role(): number {
    return this.#random.chance(0.8) ? USER : TOOL;
  }

  #direct(count: number): void {
    const random = this.#random;
    this.#add(scruffy(this.#pick(DIRECT_SHORT), random), this.#role(), 1, "compose-direct");
    if (count % 2 === 0) this.#add(scruffy(this.#pick(DIRECT_FRAMES), random), this.#role(), 1, "compose-frame");
    this.#add(scruffy(this.#pick(ORDINARY), random), USER, 0, "compose-ordinary");
    this.#add(scruffy(this.#pick(LOOKALIKES), random), this.#role(), 0, "compose-hard");
  }

  #personas(): void {
    const fill = (template: string) => this.#fill(template);
    const long = jailbreak(this.#random, fill);
    if (this.#random.chance(0.75)) this.#add(long, USER, 1, "compose-persona");
    else {
      const carried = this.#carry(`${this.#fill("{address}")}${long}`);
      this.#add(carried.text, TOOL, 1, "compose-persona-tool", carried.focus);
    }
    this.#add(persona(this.#random, fill), USER, 0, "compose-persona-ok");
  }

  #code(): void {
    // as it is: tidying would take the indents away
    const random = this.#random;
    this.#add(expand(random.pick(CODE_ASKED), LISTS, random), USER, 0, "compose-code");
    this.#add(expand(random.pick(CODE_RETURNED), LISTS, random), TOOL, 0, "compose-code");
  }

  /** The user's own wishes, talk, and documents that a user pastes with a request of his own. */
  #own(): void {
    const random = this.#random;
    this.#add(scruffy(this.#pick(OWN_WISHES), random), USER, 0, "compose-own");
    const talk = random.chance(0.5) ? this.#pick(SMALLTALK) : random.pick(random.pick(SMALLTALK_OF_LANGUAGES));
    this.#add(scruffy(talk, random), USER, 0, "compose-smalltalk");
    if (!random.chance(0.25)) return;
    const ask =
      this.#fill(
        "[Summarise|Translate|Answer using|Explain|Proofread|What does this say?|Extract the names from|Rate] [this|the text below|the following|the document]:",
      ) + random.pick(["\n", "\n\n", " "]);
    const calm = this.#carry(this.#pick(NOTES));
    this.#add(ask + calm.text, USER, 0, "compose-pasted-ok", shift(calm.focus, ask.length));
    const attack = this.#carry(this.#pick(ADDRESSED));
    this.#add(ask + attack.text, USER, 1, "compose-pasted", shift(attack.focus, ask.length));
  }

  #tongue(): void {
    const random = this.#random;
    const tongue = random.pick(TONGUES);
    if (random.chance(0.65)) {
      this.#add(scruffy(this.#pick(tongue.attacks), random), USER, 1, `compose-${tongue.code}`);
      this.#add(scruffy(this.#pick(tongue.lookalikes), random), USER, 0, `compose-${tongue.code}-ok`);
      this.#add(
        scruffy(this.#pick(random.chance(0.7) ? tongue.ordinary : tongue.notes), random),
        USER,
        0,
        `compose-${tongue.code}-ok`,
      );
      return;
    }
    const dice = random.next();
    const act = this.#pick(tongue.acts);
    const order = dice < 0.5 ? `${this.#pick(tongue.address)}${act}` : dice < 0.75 ? this.#pick(tongue.attacks) : act;
    this.#twins(order, this.#pick(tongue.notes), `compose-${tongue.code}-tool`);
    // the same wish from the user's own mouth is no attack
    if (random.chance(0.3)) this.#add(act, USER, 0, `compose-${tongue.code}-ok`);
  }

  #indirect(): void {
    this.#twins(
      this.#pick(this.#random.chance(0.15) ? DIRECT_SHORT : INJECTIONS),
      this.#pick(NOTES),
      "compose-indirect",
    );
  }

  /** The same kind of place with an instruction to a model, and with a harmless note. */
  #twins(order: string, note: string, family: string): void {
    const attack = this.#carry(order);
    this.#add(attack.text, TOOL, 1, family, attack.focus);
    const calm = this.#carry(note);
    this.#add(calm.text, this.#random.chance(0.12) ? USER : TOOL, 0, `${family}-ok`, calm.focus);
  }

  #carry(text: string): Carried {
    const random = this.#random;
    if (this.#contexts.length === 0 || random.chance(0.6)) return carry(text, LISTS, random);
    return insert(text, random.pick(this.#contexts), random);
  }
}
