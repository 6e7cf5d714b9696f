// The part of autocannon's interface that the benchmark uses; the package has no types of its own.
declare module "autocannon" {
  interface Request {
    method: string;
    path: string;
    headers: Record<string, string>;
    body: string;
  }
  interface Client {
    setRequests(requests: Request[]): void;
  }
  interface Options extends Partial<Request> {
    url: string;
    connections: number;
    /** seconds */
    duration: number;
    /** seconds without an answer after which a request counts as an error */
    timeout: number;
    /** milliseconds between two looks at whether to stop */
    sampleInt: number;
    setupClient(client: Client): void;
  }
  interface Result {
    requests: { sent: number; total: number };
    errors: number;
    timeouts: number;
    non2xx: number;
    "2xx": number;
  }
  interface Instance {
    on(
      event: "response",
      listener: (client: Client, status: number, bytes: number, milliseconds: number) => void,
    ): Instance;
  }
  export default function autocannon(options: Options, done: (error: Error | null, result: Result) => void): Instance;
}
