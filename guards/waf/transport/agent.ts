// User agents of browsers, tools and SDKs: products, versions and comments (RFC 9110, section 10.1.5). What fits and
// holds no word that a rule knows needs no judging; with semicolons and parentheses it would look like a shell's input.
import { WORDS } from "../lexicon.ts";
import { profileOf } from "../profile.ts";

const AGENT =
  /^[\w.+-]{1,64}(?:\/v?\d[\w.+\-:]{0,63}|(?= ?\()|$)(?:[ ,;/]{1,2}(?:[\w.+\-:/@*!]{1,160}|\([\w .,;:/+\-_@~*!?=\u0080-\uffff[\]&'|#]{0,400}(?:\([\w .,;:/+-]{0,100}\)[\w .,;:/+-]{0,200})?\)?)){0,40}[)\s;]{0,2}$/;
const STRONG = WORDS.sql | WORDS.agent;

export function isPlainAgent(value: string): boolean {
  return (
    value.length < 1024 &&
    AGENT.test(value) &&
    !/\.\.|:\/\/[^\s]{0,200}(?:\.net|\.me|\.sh|\.fun|\.pro)\b|@\w{8,80}\./.test(value) &&
    (profileOf(value.toLowerCase()).words & STRONG) === 0
  );
}
