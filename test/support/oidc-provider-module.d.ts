// The part of oidc-provider's interface that tests use; the package has no types of its own.
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  interface ResourceServer {
    scope: string;
    audience: string;
    accessTokenFormat: "jwt";
    accessTokenTTL: number;
    jwt: { sign: { alg: string } };
  }
  interface Client {
    client_id: string;
    client_secret: string;
    grant_types: string[];
    redirect_uris: string[];
    response_types: string[];
    id_token_signed_response_alg: string;
  }
  interface Configuration {
    clients: Client[];
    jwks: { keys: object[] };
    cookies: { keys: string[] };
    scopes: string[];
    enabledJWA: Record<string, string[]>;
    features: {
      clientCredentials: { enabled: boolean };
      devInteractions: { enabled: boolean };
      resourceIndicators: {
        enabled: boolean;
        getResourceServerInfo(context: unknown, resource: string, client: { clientId: string }): ResourceServer;
        useGrantedResource(): boolean;
      };
    };
    extraTokenClaims(context: unknown, token: { clientId: string }): Record<string, unknown>;
  }
  export default class Provider {
    constructor(issuer: string, configuration: Configuration);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
  }
}
