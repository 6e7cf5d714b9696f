// What a start tells while it works. Standard output belongs to the result alone; all of this goes to standard error.
import cliProgress from "cli-progress";

export interface Progress {
  update(doneBytes: number): void;
  end(): void;
  /** It will not get there. */
  abort(): void;
}

export interface Reporter {
  /** a plain line */
  note(text: string): void;
  warn(text: string): void;
  /** the way to `totalBytes`: a bar on a terminal, a few lines elsewhere */
  progress(what: string, totalBytes: number): Progress;
}

export const silent: Reporter = {
  note: () => {},
  warn: () => {},
  progress: () => ({ update: () => {}, end: () => {}, abort: () => {} }),
};

export function terminalReporter(stream: NodeJS.WriteStream = process.stderr): Reporter {
  const line = (text: string): void => {
    stream.write(`${text}\n`);
  };
  return {
    note: line,
    warn: (text) => line(`warning: ${text}`),
    progress: (what, totalBytes) => (stream.isTTY ? bar(stream, what, totalBytes) : lines(line, what, totalBytes)),
  };
}

const FORMAT = "{what} [{bar}] {percentage}% of {megabytes} MB";

function bar(stream: NodeJS.WriteStream, what: string, totalBytes: number): Progress {
  const options = { stream, format: FORMAT, hideCursor: true, clearOnComplete: false };
  const shown = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
  shown.start(totalBytes, 0, { what, megabytes: megabytes(totalBytes) });
  return {
    update: (done) => shown.update(Math.min(done, totalBytes)),
    end: () => {
      shown.update(totalBytes);
      shown.stop();
    },
    abort: () => shown.stop(),
  };
}

/** At a quarter, a half and three quarters: a log needs no more. */
function lines(line: (text: string) => void, what: string, totalBytes: number): Progress {
  line(`${what} (${megabytes(totalBytes)} MB) …`);
  let told = 0;
  return {
    update: (done) => {
      const quarter = Math.floor((4 * done) / totalBytes);
      if (quarter <= told || quarter >= 4) return;
      told = quarter;
      line(`${what}: ${25 * quarter}%`);
    },
    end: () => line(`${what}: done`),
    abort: () => line(`${what}: given up`),
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}
