// A process and everything below it, by what /proc says.
import { readdirSync, readFileSync } from "node:fs";

/** Ids of the process and all its descendants, whatever session they are in. */
export function processTree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = parentOf(Number(entry));
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const tree: number[] = [];
  const walk = (id: number): void => {
    tree.push(id);
    for (const child of children.get(id) ?? []) walk(child);
  };
  walk(pid);
  return tree;
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return null;
  }
}

/** SIGKILL to all of them at once: none gets to say goodbye. */
export function killTree(pid: number): void {
  for (const id of processTree(pid)) {
    try {
      process.kill(id, "SIGKILL");
    } catch {
      // it was gone already
    }
  }
}
