// What stands in addresses and cookies of the open web: clicks on advertisements, analytics, sign-in by other services,
// shops' filters, consent tools. Shapes as the services document them, values made up.
import type { Choices } from "./random.ts";
import { NAMES, SEARCHES, SENTENCES } from "./words.ts";

const pair = (name: string, value: string): string => `${name}=${encodeURIComponent(value.toWellFormed())}`;

/** A query string as a browser sends it. */
export function webQuery(c: Choices, host: string): string {
  return c.of(QUERIES)(c, host);
}

const QUERIES: readonly ((c: Choices, host: string) => string)[] = [
  (c) =>
    `gclid=Cj0KCQjw${c.base64Url(60)}_wcB&gad_source=1&gbraid=0AAAAA${c.base64Url(14)}&utm_source=google&utm_medium=cpc&${pair("utm_term", `+${c.of(SEARCHES)}`)}&utm_content=%7Badgroup%7D&hsa_kw=%2Bred%20%2Bshoes`,
  (c) =>
    `fbclid=IwAR${c.base64Url(40)}_aem_${c.base64Url(18)}&utm_campaign=${c.int(1e9)}+%7C+DE+%7C+Retargeting+%28new%29&utm_id=${c.int(1e9)}`,
  (c) =>
    `msclkid=${c.hex(32)}&ttclid=E.C.P.${c.base64Url(60)}&li_fat_id=${c.uuid()}&mc_cid=${c.hex(10)}&mc_eid=${c.hex(10)}`,
  (c, h) =>
    `_hsenc=p2ANqtz-${c.base64Url(48)}&_hsmi=${c.int(1e9)}&${pair("hsCtaTracking", `${c.uuid()}|${c.uuid()}`)}&${pair("ref", `https://${h}/?a=1&b=2#top`)}`,
  (c) =>
    `${pair("aqs", "chrome.1.69i57j0i512l9.3456j0j7")}&sourceid=chrome&ie=UTF-8&${pair("q", c.of(SEARCHES))}&ei=${c.base64Url(16)}&ved=0ahUKEwi${c.base64Url(24)}&sa=X`,
  (c, h) =>
    `id=G-${c.hex(8)}&t=pageview&_s=1&${pair("dl", `https://${h}/a?utm_source=x&q=${c.of(SEARCHES)}`)}&${pair("dt", `${c.of(SENTENCES)} | Shop`)}&sd=24-bit&je=0&_u=YEBAAEABAAAAAC~&z=${c.int(1e9)}&${pair("uamb", "0")}&${pair("uafvl", "Not/A)Brand;8.0.0.0|Chromium;126.0.6478.127")}`,
  (c) =>
    `client_id=${c.int(1e9)}-${c.hex(16)}.apps.example.com&${pair("redirect_uri", "https://app.example.com/auth/callback?provider=x&next=/home")}&response_type=code%20id_token&${pair("scope", "openid https://www.example.com/auth/userinfo.email")}&${pair("state", JSON.stringify({ csrf: c.hex(16), next: "/a?b=c" }))}&nonce=${c.base64Url(24)}&prompt=select_account&access_type=offline`,
  (c) =>
    `${pair("SAMLRequest", c.base64(300))}&${pair("RelayState", `https://app.example.com/login?to=%2Fhome&x=${c.int(9)}`)}&${pair("SigAlg", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")}&${pair("Signature", c.base64(128))}`,
  (c) =>
    `code=4/0A${c.base64Url(50)}&${pair("state", c.base64(24))}&session_state=${c.hex(40)}..${c.hex(4)}&${pair("scope", "email profile")}&authuser=0&hd=example.com&prompt=none`,
  () => "color=red&color=blue&size=8.5&size=9&price=10-20&sort=price%2Basc&in_stock=1&page=2&brand=L%27Or%C3%A9al",
  (c) =>
    `filter%5Bstatus%5D=open&filter%5Bcreated_at%5D%5Bgte%5D=2024-01-01&sort=-created_at,name&include=author,comments.user&fields%5Bitems%5D=id,name&page%5Bsize%5D=${c.int(99)}`,
  () => "$filter=Price%20gt%2020%20and%20contains(Name,%27Milk%27)&$orderby=Name%20desc&$top=10&$expand=Items",
  () => "created_at__gte=2024-01-01&name__icontains=smith&ordering=-id&limit=20&offset=40&status__in=open,closed",
  (c) =>
    `${pair("where", JSON.stringify({ age: { gt: 18 }, name: c.of(NAMES) }))}&${pair("order", "name.asc.nullslast")}`,
  (c) => `select=id,name,author(name)&age=gte.18&or=(status.eq.open,status.eq.new)&limit=${c.int(99)}&order=id.desc`,
  (c) =>
    `bbox=13.08,52.33,13.76,52.67&center=52.52%2C13.405&zoom=${c.int(18)}&layers=B000000FFT&q=Stra%C3%9Fe%20des%2017.%20Juni`,
  (c) =>
    `variables=${encodeURIComponent(JSON.stringify({ id: c.uuid(), first: 10, after: c.base64(12) }))}&extensions=${encodeURIComponent(JSON.stringify({ persistedQuery: { version: 1, sha256Hash: c.hex(64) } }))}`,
  (c) =>
    `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID${c.hex(12)}%2F20240601%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20240601T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=${c.hex(64)}&response-content-disposition=attachment%3B%20filename%3D%22Q1%20report.pdf%22`,
  (c) =>
    `sv=2023-11-03&st=2024-06-01T10%3A00%3A00Z&se=2024-06-02T10%3A00%3A00Z&sr=b&sp=r&sig=${encodeURIComponent(c.base64(32))}`,
  (c) =>
    `callback=jQuery3610${c.int(1e9)}_${1.7e12 + c.int(1e9)}&_=${1.7e12 + c.int(1e9)}&term=${encodeURIComponent(c.of(SEARCHES))}`,
  (c) =>
    `url=${encodeURIComponent(`https://cdn.example.com/a/${c.int(99)}.jpg?w=640&q=75`)}&w=1080&q=75&fit=crop&auto=format,compress`,
  (c) => `e=${c.base64Url(200)}&v=1.2.3&p=web&tna=sp1&aid=shop&res=1536x864&vp=1536x730&tz=Europe%2FBerlin&cs=UTF-8`,
  (c) =>
    `text=${encodeURIComponent(c.of(SENTENCES))}&url=https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc&via=example&hashtags=a%2Cb`,
  (c) =>
    `subject=${encodeURIComponent(`Re: ${c.of(SENTENCES)}`)}&body=${encodeURIComponent(`Hi ${c.of(NAMES)},\n\n${c.of(SENTENCES)}\n`)}`,
  (c) =>
    `from=BER&to=CDG&date=2024-07-01&return=2024-07-08&adults=2&children=1,7&class=economy&direct=true&sid=${c.hex(24)}`,
  (c) =>
    `q=${encodeURIComponent(c.of(["select a union from", "union select committee report", "order by phone or online", "drop off and pick up", "having a baby or two", "where is my update", "delete all from album", "insert or update contact", "like and share", "group by age and sex", "table for 2 or 3", "exec order 13", "create view of the sea", "grant all wishes", "alter ego or null"]))}`,
];

export const WEB_COOKIES: readonly ((c: Choices) => string)[] = [
  (c) => `__cf_bm=${c.base64Url(24)}.${c.base64Url(6)}-1719400000-1.0.1.1-${c.base64Url(90)}`,
  (c) => `_uetsid=${c.hex(32)}; _uetvid=${c.hex(32)}`,
  (c) => `__stripe_mid=${c.uuid()}${c.hex(6)}`,
  (c) => `intercom-session-abc123=${c.base64(48)}--${c.base64Url(12)}--${c.base64(16)}`,
  (c) => `_shopify_y=${c.uuid()}; cart_currency=EUR; localization=DE; secure_customer_sig=`,
  (c) => `wordpress_logged_in_${c.hex(32)}=anna%7C1720000000%7C${c.base64Url(32)}%7C${c.hex(64)}`,
  () => "wp-settings-1=libraryContent%3Dbrowse%26editor%3Dtinymce%26hidetb%3D1; wp-settings-time-1=1719400000",
  (c) =>
    `SID=g.a000${c.base64Url(50)}.; HSID=A${c.base64Url(12)}; SAPISID=${c.base64Url(12)}/A${c.base64Url(12)}; NID=515=${c.base64Url(80)}`,
  (c) => `datr=${c.base64Url(18)}; fr=0${c.base64Url(18)}..Bm${c.base64Url(4)}...1.0.Bm${c.base64Url(4)}.`,
  () => "cookieyes-consent=consentid:abc,consent:yes,action:yes,necessary:yes,functional:no,analytics:no,other:no",
  () => "borlabs-cookie=%7B%22consents%22%3A%7B%22essential%22%3A%5B%22a%22%5D%7D%2C%22version%22%3A%221%22%7D",
  () =>
    "FCCDCF=%5Bnull%2Cnull%2Cnull%2C%5B%22CP_abcAPAA%22%2C%222~70.89~dv.%22%2C%22C0D5%22%5D%2Cnull%2Cnull%2C%5B%5D%5D",
  () => "__utmb=111461200.3.10.1719400000; __utmc=111461200; __utmv=111461200.|1=User%20Type=Visitor=1",
  (c) =>
    `AMCV_ABC%40AdobeOrg=-1124106680%7CMCIDTS%7C19900%7CMCMID%7C${c.int(1e9)}${c.int(1e9)}%7CMCAAMLH-1720000000%7C6%7CNONE%7CvVersion%7C5.2.0`,
  () => "s_cc=true; s_sq=%5B%5BB%5D%5D; s_ppv=home%2C37%2C37%2C730%2C1%2C2",
  (c) =>
    `optimizelyEndUserId=oeu${1.7e12 + c.int(1e9)}r0.${c.int(1e9)}; _dd_s=rum=2&id=${c.uuid()}&created=1719400000000&expire=1719400900000`,
  (c) =>
    `__Secure-next-auth.session-token=eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..${c.base64Url(12)}.${c.base64Url(200)}.${c.base64Url(16)}`,
  (c) =>
    `sb-abc-auth-token=base64-${Buffer.from(JSON.stringify({ access_token: c.base64Url(60), user: { email: "a.o'neil@example.com" } })).toString("base64url")}`,
  () => "user_prefs=sort:price|view:grid|per_page:48|currency:$",
  () => 'greeting="Hello, world"; last_search=rock%20%27n%27%20roll',
];

/** Headers that services and proxies add, beside those of `heads.ts`. */
export function serviceHeaders(c: Choices): string[] {
  return c.of<() => string[]>([
    () => [`X-GitHub-Event: push`, `X-GitHub-Delivery: ${c.uuid()}`, `X-Hub-Signature: sha1=${c.hex(40)}`],
    () => [`X-Slack-Signature: v0=${c.hex(64)}`, "X-Slack-Request-Timestamp: 1719400000"],
    () => [`X-Shopify-Hmac-Sha256: ${c.base64(32)}`, "X-Shopify-Topic: orders/create"],
    () => [`X-Twilio-Signature: ${c.base64(20)}`, `I-Twilio-Idempotency-Token: ${c.uuid()}`],
    () => [
      `X-Amzn-Trace-Id: Root=1-${c.hex(8)}-${c.hex(24)};Parent=${c.hex(16)};Sampled=0`,
      "Via: 1.1 abc.cloudfront.net (CloudFront)",
    ],
    () => [
      `X-Datadog-Trace-Id: ${c.int(1e9)}`,
      "X-Datadog-Sampling-Priority: 1",
      `traceparent: 00-${c.hex(32)}-${c.hex(16)}-00`,
    ],
    () => [`X-Client-Data: CI${c.base64(24)}`, "Save-Data: on", "Viewport-Width: 390", "DPR: 3"],
    () => ["X-Requested-With: XMLHttpRequest", `X-CSRF-Token: ${c.base64(32)}`, "X-Inertia: true"],
    () => [
      `Forwarded: for="[2001:db8:cafe::17]:4711";proto=https;by=203.0.113.43`,
      "X-Forwarded-Host: www.example.com",
    ],
    () => [`X-Goog-Api-Client: gl-python/3.12 grpc/1.64 gax/2.19`, "X-Goog-User-Project: p-1"],
    () => ['If-Match: "33a64df5"', "Prefer: return=representation;count=exact", "Range-Unit: items"],
    () => [`Sentry-Trace: ${c.hex(32)}-${c.hex(16)}-1`, 'NEL: {"report_to":"default","max_age":3600}'],
  ])();
}
