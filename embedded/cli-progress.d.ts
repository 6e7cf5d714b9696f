// The part of cli-progress that is used here; the package ships no types.
declare module "cli-progress" {
  export interface Options {
    readonly stream?: NodeJS.WritableStream;
    readonly format?: string;
    readonly hideCursor?: boolean;
    readonly clearOnComplete?: boolean;
  }
  export class SingleBar {
    constructor(options: Options, preset: object);
    start(total: number, startValue: number, payload?: Readonly<Record<string, unknown>>): void;
    update(value: number): void;
    stop(): void;
  }
  const progress: { readonly SingleBar: typeof SingleBar; readonly Presets: { readonly shades_classic: object } };
  export default progress;
}
