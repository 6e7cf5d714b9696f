// Session fixation: a link from another site that brings a session of the attacker's choosing with it.
import type { HttpSurface } from "../surface.ts";

const SESSION_NAME =
  /^(?:__(?:host|secure)-)?(?:j?(?:sr?v|w|web|weblogic|php|asp)?_?sess?(?:ion)?(?:[-_]?id)?|(?:jserv|jw|php|asp|weblogic)session(?:id\w{0,8})?|(?:asp\.net|_?flask|laravel|_?rails|play|zend|_)_?session(?:_?id)?|zend_session_id|_session_id|[\w.]{1,16}\.(?:sid|session(?:-token)?)|connect\.sid|rack\.session|next-auth\.session-token|koa[.:]sess|cakephp|cfid|cftoken|cfsid|shiny-token|meteor_login_token|viewstate_session)$/i;

export function isSessionName(name: string): boolean {
  return SESSION_NAME.test(name);
}

/** what servers themselves name sessions: their own cookie, which no link brings along */
const SERVER_SESSION = /^(?:jsessionid|phpsessid|aspsessionid\w{0,12}|asp\.net_sessionid|cfid|cftoken)$/i;

export function isServerSession(name: string): boolean {
  return SERVER_SESSION.test(name);
}

/** Whether another site's page led to this request. */
export function isForeign(surface: HttpSurface): boolean {
  let host = "";
  let referer = "";
  for (const [name, value] of surface.headers) {
    if (/^host$/i.test(name)) host = value.toLowerCase();
    else if (/^referer$/i.test(name)) referer = value.toLowerCase();
  }
  const from = /^https?:\/\/([^/?#]{1,256})/.exec(referer)?.[1];
  return from !== undefined && host !== "" && from !== host;
}

/** Whether a page led to this request at all: applications that carry sessions in links follow them from their own pages. */
export function isLed(surface: HttpSurface): boolean {
  return surface.headers.some(([name]) => /^referer$/i.test(name));
}
