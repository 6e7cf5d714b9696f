// What tools return: JSON, mails, pages, reviews, code, logs, tables, CVs, invoices; each with a place for one text that
// somebody else wrote.
import type { Random } from "../random.ts";
import { expand, type Lists, tidy } from "./grammar.ts";

export interface Carried {
  readonly text: string;
  readonly focus: readonly [number, number];
}

const MARK = "\u0001";

const CARRIERS: readonly ((fill: (template: string) => string, random: Random) => string)[] = [
  (fill, random) =>
    JSON.stringify(
      {
        [random.pick(["id", "order_id", "ticket"])]: fill("{num}"),
        [random.pick(["name", "title", "subject", "product"])]: fill("[{person}|{product}|{topic}]"),
        [random.pick([
          "description",
          "review",
          "content",
          "notes",
          "body",
          "comment",
          "bio",
          "message",
          "text",
          "summary",
          "feedback",
        ])]: `${fill("[|{news} |{news} {news} ]")}${MARK}${fill("[| {news}]")}`,
        [random.pick(["date", "updated", "rating"])]: fill("[{date}|{digit}]"),
      },
      null,
      random.chance(0.4) ? 2 : 0,
    ),
  (fill, random) =>
    JSON.stringify({
      status: "ok",
      results: [
        { title: fill("{topic}"), snippet: fill("{news}") },
        { title: fill("{company}"), snippet: MARK },
        { title: fill("{city}"), snippet: fill("{news}") },
      ].slice(random.below(2)),
    }),
  (fill) =>
    fill(
      `From: {email}\nTo: {email}\nSubject: [{topic}|Invoice {num}|Meeting on {date}|Hello|Your order]\n\n[Hi|Dear|Hello] {first},\n\n{news} [{news}|]\n${MARK}\n[Best|Regards|Thanks],\n{person}`,
    ),
  (fill) =>
    fill(
      `'[sender|from]': '{email}', 'subject': '[{topic}|Re: {topic}]', 'body': '[Hi {first}, |{news} |]${MARK}[| {news}]', 'received': '{date}'`,
    ),
  (fill) =>
    fill(
      `<html><head><title>{topic}</title></head><body><h1>{topic} in {city}</h1><p>{news} {news}</p>[<p>|<div style="display:none">|<span style="font-size:0">|<!-- |<li>]${MARK}[</p>|</div>|</span>| -->|</li>]<p>{news}</p></body></html>`,
    ),
  (fill) =>
    fill(
      `# {topic}\n\n{news} {news}\n\n[## Notes\n|## FAQ\n|- |> |<!-- |\\[//\\]: # (|]${MARK}[ -->|)|]\n\n## {company}\n\n{news}\n`,
    ),
  (fill) => fill(`★[★★★|★★|★★★★] [by|from] {first}, {date}\n{news} ${MARK} [{news}|]\n\n★★ by {first}\n{news}`),
  (fill) =>
    fill(
      `id,name,[city|amount|comment],note\n{num},{person},{city},"{news}"\n{num},{person},{amount},"${MARK}"\n{num},{person},{city},"{news}"`,
    ),
  (fill) =>
    fill(
      `| [Name|Item] | [Price|Date] | [Notes|Remark] |\n|---|---|---|\n| {product} | {amount} | {news} |\n| {product} | {date} | ${MARK} |\n| {product} | {amount} | - |`,
    ),
  (fill) =>
    fill(
      `def [total|load|parse](items):\n    """[Adds up|Reads] the items. {news}"""\n    # ${MARK}\n    result = 0\n    for item in items:\n        result += item.price\n    return result\n`,
    ),
  (fill) =>
    fill(
      `/**\n * {news}\n * ${MARK}\n */\nexport function [render|fetchUser|toCsv](id: string) {\n  return db.find(id); // {topic}\n}`,
    ),
  (fill) =>
    fill(
      `{person}\n{job} · {city} · {email}\n\nExperience\n{job} at {company}, 20{digit}{digit}–20{digit}{digit}. {news}\n${MARK}\n\nEducation\nUniversity of {city}, {topic}\n\nSkills\n{topic}, {topic}, {lang}`,
    ),
  (fill) =>
    fill(
      `[2025-0{digit}-1{digit} 12:0{digit}:{digit}{digit}|Jan 1{digit} 0{digit}:1{digit}:22 web{digit}] [INFO|DEBUG|WARN] request {num} from 10.0.{digit}.{num}\n[INFO|ERROR] [user agent|comment|message|query]="${MARK}"\n[INFO|WARN] request {num} done in {small} ms`,
    ),
  (fill) =>
    fill(
      `INVOICE {num}\n{company}\nBill to: {person}, {city}\n{small} x {product}  {amount}\nTotal: {amount}\nPayment terms: {date}\nRemarks: ${MARK}\nAccount: {account}`,
    ),
  (fill) =>
    fill(
      `Ticket #{num} ({date})\nReporter: {person}\nTitle: [{product} broken|question about {topic}]\n{news}\n${MARK}\nStatus: open`,
    ),
  (fill) =>
    fill(
      `[title|name]: {topic}\n[owner|author]: {email}\ndescription: >\n  {news}\n  ${MARK}\ntags:\n  - {topic}\n  - {city}`,
    ),
  (fill) => fill(`{news} {news} [${MARK} {news}|{news} ${MARK}] {news} {news}`),
  (fill) => fill(`{news}\n{news}\n\n${MARK}`),
  (fill) => fill(`${MARK}\n\n{news} {news} {news}`),
  (fill) =>
    fill(
      `Name: {host}\nID: D{num}{num}-[COM|NET|LRMS]\n[Server|Provider]: whois.{host}\nUpdated: 2025-0{digit}-1{digit}T0{digit}:1{digit}:22Z\n[Owner|Organisation|Street|Contact|Comment]: ${MARK}\nCity: {city}\nPhone: +{digit}.{num}{num}\nStatus: [ok|active|locked] {url}\n`,
    ),
  () => MARK,
  (fill, random) =>
    `${fill("[Event|Meeting|Reminder|Contact|Note|Review|Post|Tweet|Product|Title|Message from {person}|Transcript|Search result {digit}|Comment by {first}]")}: ${random.chance(0.5) ? fill("{news} ") : ""}${MARK}`,
];

/** `text` in a composed carrier. */
export function carry(text: string, lists: Lists, random: Random): Carried {
  const fill = (template: string) => tidyKeepingMark(expand(template, lists, random));
  const whole = random.pick(CARRIERS)(fill, random);
  return place(whole, text, random);
}

function tidyKeepingMark(text: string): string {
  return text.includes("\n") ? text : tidy(text) === "" ? text : text;
}

function place(whole: string, text: string, random: Random): Carried {
  const escaped = whole.startsWith('{"') || whole.startsWith("{\n") ? JSON.stringify(text).slice(1, -1) : text;
  const quoted = whole.startsWith("{") && whole.includes("\\u0001") ? whole.replace("\\u0001", MARK) : whole;
  const at = quoted.indexOf(MARK);
  void random;
  return { text: quoted.replace(MARK, () => escaped), focus: [at, at + escaped.length] };
}

/** `text` at a line's end, or between words, of a context that a corpus holds. */
export function insert(text: string, context: string, random: Random): Carried {
  const room = context.length > 3000 ? context.slice(0, 3000) : context;
  const breaks: number[] = [];
  for (let at = room.indexOf("\n"); at >= 0; at = room.indexOf("\n", at + 1)) breaks.push(at);
  const dice = random.next();
  let at = room.length;
  if (dice < 0.15) at = 0;
  else if (dice < 0.5 && breaks.length > 0) at = random.pick(breaks);
  else if (dice < 0.8) {
    const from = random.below(room.length + 1);
    const stop = room.slice(from).search(/[."'>]\s|["']\s*[,}\]]|\s/);
    at = stop < 0 ? room.length : from + stop + 1;
  }
  const json = /^\s*[[{]/.test(room);
  const put = json ? JSON.stringify(text).slice(1, -1) : text;
  const glue = json || dice >= 0.5 ? " " : random.pick(["\n", "\n\n", " "]);
  const before = room.slice(0, at) + (at === 0 ? "" : glue);
  return {
    text: `${before}${put}${at === room.length ? "" : glue}${room.slice(at)}`,
    focus: [before.length, before.length + put.length],
  };
}
