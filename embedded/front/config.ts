// The front's workerd configuration (workerd.capnp).

export interface FrontConfig {
  /** port on 127.0.0.1 */
  readonly port: number;
  /** host and port of local.ts's direct socket */
  readonly platform: string;
  readonly compatibilityDate: string;
}

/** Environment variable from which the secret is bound: the configuration lies on disk, the secret does not. */
export const SECRET_VARIABLE = "BARTIZAN_START_SECRET";
export const SCRIPT_FILE = "front.js";
export const SOCKET_NAME = "http";

/** Loopback only, one service to reach, no way out to any network. */
export function frontConfig({ port, platform, compatibilityDate }: FrontConfig): string {
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "front", worker = (
      modules = [(name = "${SCRIPT_FILE}", esModule = embed "${SCRIPT_FILE}")],
      compatibilityDate = "${compatibilityDate}",
      compatibilityFlags = ["enable_request_signal", "request_signal_passthrough"],
      bindings = [
        (name = "PLATFORM", service = "platform"),
        (name = "START_SECRET", fromEnvironment = "${SECRET_VARIABLE}"),
      ],
      globalOutbound = "nothing",
    )),
    (name = "platform", external = (address = "${platform}", http = ())),
    (name = "nothing", network = (allow = [])),
  ],
  sockets = [(name = "${SOCKET_NAME}", address = "127.0.0.1:${port}", http = (), service = "front")],
);
`;
}
