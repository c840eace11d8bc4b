/** Prints the pids of `$0` sleeping children, and kills them at the end of
 * standard input: also if this program is killed. */
const SCRIPT = `
  pids=
  i=0
  while [ $i -lt $0 ]; do
    sleep 3600 >/dev/null &
    pids="$pids $!"
    echo $!
    i=$((i + 1))
  done
  exec >&-
  read line
  kill $pids`;

/** Processes that sleep until disposed of. */
export class Sleepers implements AsyncDisposable {
  /** Their pids. */
  readonly pids: readonly number[];
  readonly #shell: Deno.ChildProcess;

  private constructor(shell: Deno.ChildProcess, pids: readonly number[]) {
    this.#shell = shell;
    this.pids = pids;
  }

  /** Starts as many processes. */
  static async start(count: number): Promise<Sleepers> {
    const shell = new Deno.Command("sh", {
      args: ["-c", SCRIPT, String(count)],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const text = await new Response(shell.stdout).text();
    return new Sleepers(shell, text.trim().split("\n").map(Number));
  }

  /** Kills them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shell.stdin.close();
    await this.#shell.status;
  }
}
