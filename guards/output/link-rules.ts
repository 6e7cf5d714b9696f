// What links an answer may hold: whose hosts are trusted, and what may stand in the others.

/** To hosts that are not listed: `none` no link, `no_data` none that carries data, `any` each. */
export type ForeignLinks = "none" | "no_data" | "any";

export interface LinkOptions {
  /** hosts that may be linked with anything in it: `docs.example.com`, `*.example.com` (its subdomains), `*` */
  readonly hosts: readonly string[];
  /** what a client loads by itself: images, frames, style sheets. Any query counts as data. */
  readonly images: ForeignLinks;
  /** what a person follows */
  readonly links: ForeignLinks;
}

export const DEFAULT_LINKS: LinkOptions = { hosts: [], images: "no_data", links: "no_data" };

export interface LinkRules {
  readonly images: ForeignLinks;
  readonly links: ForeignLinks;
  readonly listed: (host: string) => boolean;
}

export function compileLinks({ hosts, images, links }: LinkOptions): LinkRules {
  const exact = new Set<string>();
  const suffixes: string[] = [];
  let all = false;
  for (const host of hosts) {
    if (host === "*") all = true;
    else if (host.startsWith("*.")) suffixes.push(`.${canonicalHost(host.slice(2))}`);
    else exact.add(canonicalHost(host));
  }
  const listed = (host: string): boolean => {
    const name = canonicalHost(host);
    return all || exact.has(name) || suffixes.some((suffix) => name.endsWith(suffix));
  };
  return { images, links, listed };
}

/** As the URL standard writes it: lower case, punycode, no dot at the end. */
function canonicalHost(host: string): string {
  const name = host.replace(/\.$/, "");
  return URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname.replace(/\.$/, "") : name.toLowerCase();
}
