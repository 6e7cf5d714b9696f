// A seeded source of choices, so that every run judges the same requests.

export class Choices {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** 0 to 1, mulberry32 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  of<T>(list: readonly T[]): T {
    return list[this.int(list.length)] as T;
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  text(alphabet: string, length: number): string {
    let text = "";
    for (let i = 0; i < length; i++) text += alphabet.charAt(this.int(alphabet.length));
    return text;
  }

  hex(length: number): string {
    return this.text("0123456789abcdef", length);
  }

  base64(bytes: number): string {
    return Buffer.from(Array.from({ length: bytes }, () => this.int(256))).toString("base64");
  }

  base64Url(bytes: number): string {
    return this.base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  }

  uuid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-${this.of(["8", "9", "a", "b"])}${this.hex(3)}-${this.hex(12)}`;
  }
}
