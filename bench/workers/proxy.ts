// Row A, the bare proxy.
import { forward } from "./forward.ts";

interface Env {
  readonly UPSTREAM: string;
}

export default {
  fetch: (request, env) => forward(request, env.UPSTREAM),
} satisfies ExportedHandler<Env>;
