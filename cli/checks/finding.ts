// What a check of `bartizan doctor` finds.

export interface Finding {
  readonly status: "ok" | "warning" | "fault";
  readonly what: string;
  /** what was found, and where it is wrong, what to do */
  readonly detail: string;
}

export type Check = () => Promise<Finding> | Finding;

export const ok = (what: string, detail: string): Finding => ({ status: "ok", what, detail });
export const warning = (what: string, detail: string): Finding => ({ status: "warning", what, detail });
export const fault = (what: string, detail: string): Finding => ({ status: "fault", what, detail });
