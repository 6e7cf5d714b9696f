// What a start prints once it is ready.
import type { Platform } from "./platform.ts";
import { statePaths } from "./state/folder.ts";

/** The one line of `--json`. */
export function jsonLine(platform: Platform): string {
  const { url, models, state, credentials } = platform;
  return `${JSON.stringify({
    url,
    console_url: null,
    api_key: credentials.api.key,
    admin_key: credentials.admin.key,
    auditor_key: credentials.auditor.key,
    client_id: credentials.client.id,
    client_secret: credentials.client.secret,
    models,
    state,
  })}\n`;
}

/** For a person. Keys are long; the curl line reads one where it lies, so that none stands in a terminal's history. */
export function welcome(platform: Platform): string {
  const { url, models, model, state } = platform;
  const { credentials } = statePaths(state);
  const body = JSON.stringify({
    model: model.name,
    messages: [{ role: "user", content: model.firstPrompt }],
  });
  const key = `$(node -p 'JSON.parse(fs.readFileSync("${credentials}")).api.key')`;
  return `
Bartizan is ready at ${url}

  OpenAI base URL   ${url}/v1
  models            ${models.join(", ")}
  credentials       ${credentials}
  policy            ${statePaths(state).policy}

Try it:

  curl ${url}/v1/chat/completions \\
    -H "Authorization: Bearer ${key}" \\
    -H "Content-Type: application/json" \\
    -d '${body}'

More: npx bartizan --help. Stop with Ctrl-C; nothing is lost.
`;
}
