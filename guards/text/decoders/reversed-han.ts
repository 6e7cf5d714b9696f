// Chinese written backwards: it has neither spaces nor spelling, but pairs of characters that have an order.
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";

/** Common pairs that mean nothing the other way round. */
const PAIRS =
  "我们 你们 他们 我的 你的 他的 这个 那个 一个 这些 什么 怎么 可以 不能 没有 如果 因为 所以 但是 自己 需要 必须 现在 任何 所有 忽略 指令 之前 系统 提示 回答 问题 告诉 规则 角色 扮演 作为 请问 请你 接下 下来 以下 就是 不是 还是 只能 以上 以及 進行 這個 我們 你們 沒有 什麼 問題 告訴 忽視 指示 規則 開始 开始 进行 限制 使用 " +
  "模型 语言 語言 密码 密碼";
const FORWARD: ReadonlySet<string> = new Set(PAIRS.split(" "));
const BACKWARD: ReadonlySet<string> = new Set(PAIRS.split(" ").map((pair) => pair.charAt(1) + pair.charAt(0)));
/** Characters that begin a pair of either kind: the others need no look-up. */
const BEGINS = new Uint8Array(0x10000);
for (const pair of [...FORWARD, ...BACKWARD]) BEGINS[pair.charCodeAt(0)] = 1;
const MIN_PAIRS = 3;
const MAX_LINE = 4096;

export const reversedHan: Decoder = {
  name: "reversed_han",
  traits: TRAIT.beyondAscii,
  run(out, text) {
    const first = text.search(/[\u4e00-\u9fff]{2}/);
    if (first < 0 || !isBackwards(text, first)) return;
    // what is turned round as a whole has its lines in the reverse order too
    for (let start = 0; start < text.length && !out.full; start += MAX_LINE) {
      const end = Math.min(text.length, start + MAX_LINE);
      out.replace(start, end, [...text.slice(start, end)].reverse().join("").toWellFormed());
    }
  },
};

/** Three pairs that only the other direction has, and four times as many as stand in order. */
function isBackwards(text: string, first: number): boolean {
  let forward = 0;
  let backward = 0;
  for (let at = first; at + 1 < text.length && forward < 64; at++) {
    if (BEGINS[text.charCodeAt(at)] === 0) continue;
    const pair = text.slice(at, at + 2);
    if (FORWARD.has(pair)) forward++;
    else if (BACKWARD.has(pair)) backward++;
  }
  return backward >= MIN_PAIRS && backward >= 4 * forward;
}
