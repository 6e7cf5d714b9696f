// Whether a port is free, before anything heavy begins.
import { once } from "node:events";
import { createServer } from "node:net";
import { StartError } from "../stop-reason.ts";

/** The port itself, or a free one for 0. @throws StartError where it is taken or may not be used */
export async function claimPort(port: number): Promise<number> {
  const server = createServer();
  server.listen({ host: "127.0.0.1", port, exclusive: true });
  try {
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "EADDRINUSE") throw new StartError(`Port ${port} is taken. Use --port, or stop what listens there.`);
    if (code === "EACCES") throw new StartError(`Port ${port} may not be used by this user. Use --port.`);
    throw error;
  }
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : port;
}
