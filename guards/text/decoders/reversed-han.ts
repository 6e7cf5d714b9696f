// Chinese written backwards: it has neither spaces nor spelling, but pairs of characters that have an order.
import type { Span } from "../../finding.ts";
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
/** What a pair in order takes from a stretch of pairs that are not, and how many such are a stretch. */
const IN_ORDER = 4;
const MIN_PAIRS = 3;
/** Units before the first pair and behind the last that are turned round with them, up to a pair in order or an empty line. */
const MAX_BESIDE = 256;
const MAX_PIECE = 4096;

export const reversedHan: Decoder = {
  name: "reversed_han",
  traits: TRAIT.beyondAscii,
  run(out, text) {
    const first = text.search(/[\u4e00-\u9fff]{2}/);
    if (first < 0) return;
    let done = 0;
    for (const { start, end } of stretches(text, first)) {
      const from = beside(text, start, done, -1);
      done = beside(text, end, text.length, 1);
      // what is turned round as a whole has its lines in the reverse order too
      for (let piece = from; piece < done && !out.full; piece += MAX_PIECE) {
        const to = Math.min(done, piece + MAX_PIECE);
        out.replace(piece, to, [...text.slice(piece, to)].reverse().join("").toWellFormed());
      }
    }
  },
};

/** From the first backward pair to the last of a stretch that has few in order. One pass. */
function* stretches(text: string, first: number): Generator<Span> {
  let sum = 0;
  let best = 0;
  let start = 0;
  let end = 0;
  for (let at = first; at + 1 < text.length; at++) {
    const order = orderAt(text, at);
    if (order === 0) continue;
    if (order < 0) {
      if (sum === 0) start = at;
      if (++sum >= best) [best, end] = [sum, at + 2];
      continue;
    }
    sum -= IN_ORDER;
    if (sum > 0) continue;
    if (best >= MIN_PAIRS) yield { start, end };
    sum = best = 0;
  }
  if (best >= MIN_PAIRS) yield { start, end };
}

/** 1 for a pair that stands in order, -1 for one that only the other direction has, 0 for none. */
function orderAt(text: string, at: number): number {
  if (BEGINS[text.charCodeAt(at)] === 0) return 0;
  const pair = text.slice(at, at + 2);
  return FORWARD.has(pair) ? 1 : BACKWARD.has(pair) ? -1 : 0;
}

/** @param step 1 to look behind, -1 to look before @returns how far a stretch that ends at `from` reaches */
function beside(text: string, from: number, limit: number, step: 1 | -1): number {
  let at = from;
  for (let units = 0; units < MAX_BESIDE && at !== limit; units++) {
    const near = step > 0 ? at : at - 1;
    if (orderAt(text, near) > 0) return at;
    if (text.charCodeAt(near) === 10 && text.charCodeAt(near + step) === 10) return at;
    at += step;
  }
  return at;
}
