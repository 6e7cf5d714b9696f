// What follows a command's name. Sentences go on with words; command lines with flags, paths, hosts and redirections.

const STRONG =
  /^(?:--?[a-z]{1,20}\d{0,4}(?:$|[=;|&)`"'])|--?[a-z]{1,3}$|-\w+|\/[\w.?*/\\'"[-]|\.{1,2}\/|~\/|[a-z]:\\|\\\\|\$[\w{(]|%\w{2,20}%|[<>]|\d?>&|\*$|\*\.|['"]|@|https?:|ftp:|[a-z]+:\/\/|\d{1,3}\.\d{1,3}\.\d|localhost\b|[\w-]{1,40}\.(?:com|net|org|sh|php|txt|py|pl|exe|me|io|ini|conf|bat|cmd|ps1|log|jsp|asp|aspx|html?|gz|zip)\b)/;
/** Commands whose own sub-commands tell them from words. */
const OWN: Readonly<Record<string, RegExp>> = {
  net: /^(?:user|view|localgroup|group|share|start|use|accounts|session|config|stop|time)\b/,
  netsh: /^(?:firewall|advfirewall|interface|wlan|int|winhttp)\b/,
  which: /^(?:curl|wget|nc|perl|python\d?|ruby|php|gcc|bash|ncat|nmap|socat|node|java)\b/,
  cscli: /^(?:alerts|decisions|hub|metrics|machines|bouncers|console|lapi)\b/,
  systemctl: /^(?:start|stop|status|restart|list)/,
  ip: /^(?:a|addr|address|r|route|link|neigh)\b/,
  cd: /^(?:etc|tmp|var|usr|root|home)\b/,
};

/** `own`: a sub-command that only this command has */
export type ArgumentKind = "own" | "strong" | "end" | "word";

export function argumentKind(lower: string, name: string, end: number): ArgumentKind {
  const rest = lower.slice(end, end + 96);
  if (/^\s{0,8}(?:$|[;|&`)\n}#]|\/\/)/.test(rest)) return "end";
  if (/^(?:\$ifs|\$\{ifs|[<>]{1,3}\s?[\w/&.$('"-]|,\/|,-)/.test(rest)) return "strong";
  const word = /^(?:\s|\+|%20){1,8}([^\s]{1,80})/.exec(rest)?.[1] ?? "";
  if (name.includes("-") && name.length > 5) return "strong";
  if (/^(?:\s{1,4}[\w.:/@-]{1,32}){1,3}\s{1,4}(?:-[a-z]|--[a-z]{2,16})(?:[\s=]|$)/.test(rest)) return "strong";
  const own = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
  if (own?.test(word) === true) return "own";
  if (STRONG.test(word)) return "strong";
  if (/^\d+$/.test(word)) return /^\s*\d+\s*(?:$|[;|&`)\n])/.test(rest) ? "strong" : "word";
  return "word";
}

/** `-x`, `/path`: what makes an ordinary word a command even without a separator. */
export function isFlagged(lower: string, end: number): boolean {
  return /^[\s+]{1,4}(?:--?[a-z]{1,12}\b(?![\w-]{0,20}[\s,.]\w{2,20}\s\w{2,20}\s)|\/(?:etc|bin|usr|var|proc|tmp|home|root|dev|opt|path|et\*?)\b|\/\S{0,20}[*?[]|[a-z]:\\|\$(?:\{|\(|[a-z_]{2,})|>|%\w{3,20}%|\w{1,10}\.exe\b)/.test(
    lower.slice(end, end + 64),
  );
}
