// User agents of browsers, tools and SDKs: products, versions and comments (RFC 9110, section 10.1.5). What fits and
// holds no word that a rule knows needs no judging; with semicolons and parentheses it would look like a shell's input.
import { WORDS } from "../lexicon.ts";
import { profileOf } from "../profile.ts";
import { COMMANDS } from "../shell/words.ts";

const AGENT =
  /^[\w.+-]{1,64}(?:\/v?\d[\w.+\-:]{0,63}|(?= ?\()|$)(?:[ ,;/]{1,2}(?:[\w.+\-:/@*!]{1,160}|\([\w .,;:/+\-_@~*!?=\u0080-\uffff[\]&'|#]{0,400}(?:\([\w .,;:/+-]{0,100}\)[\w .,;:/+-]{0,200})?\)?)){0,40}[)\s;]{0,2}$/;
const STRONG = WORDS.sql | WORDS.agent;

export function isPlainAgent(value: string): boolean {
  return (
    value.length < 1024 &&
    AGENT.test(value) &&
    !isCommandLine(value) &&
    !/\bon[a-z]{3,24}\s?=|\w\s?=\s?\w{1,16}\(|\.\.|:\/\/[^\s]{0,200}(?:\.net|\.me|\.sh|\.fun|\.pro)\b|@\w{8,80}\./.test(
      value,
    ) &&
    (profileOf(value.toLowerCase()).words & STRONG) === 0
  );
}

/** `chef-vault -i secret`: a command's name and then no version. */
function isCommandLine(value: string): boolean {
  const first = /^["']?([a-z][\w-]{1,23})["']?\s{1,4}["']?[-\w]/.exec(value)?.[1];
  return first !== undefined && COMMANDS.get(first) === "odd";
}
