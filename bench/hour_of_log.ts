import { $display } from "../jupyter/display.ts";
import { TempDir } from "../tests/files/support.ts";
import { ProcessWidget } from "../widget.ts";
import type { Figure } from "./harness/figure.ts";
import { writeProcessDirs } from "./harness/process_dirs.ts";
import { Sleepers } from "./harness/sleepers.ts";
import { countBytes, installStandInKernel } from "./harness/stand_in_kernel.ts";
import { advance, installSteppedClock } from "./harness/stepped_clock.ts";

const SECONDS = 3600;

/** Requests per second of the server, on average. */
const RATE = 1;

const PATHS = ["/", "/index.html", "/api/items?page=2", "/static/app.js"];

/** The bytes that are sent for an hour of an ordinary server's access log. */
export const hourOfLog: Figure = {
  name: "hour-of-log",
  async measure() {
    installStandInKernel();
    installSteppedClock();
    using parent = new TempDir();
    await using sleepers = await Sleepers.start(1);
    const [{ dir }] = await writeProcessDirs(parent, sleepers.pids);
    using log = Deno.openSync(`${dir}/stdout.log`, { append: true });
    using widget = new ProcessWidget(dir, { interval: 3_600_000 });
    await widget[$display]();
    const server = new Server();
    let all = 0;
    const ours = await countBytes(async () => {
      for (let second = 0; second < SECONDS; second++) {
        advance(1000);
        log.writeSync(new TextEncoder().encode(server.nextSecond()));
        await widget.refresh();
        // As the widget sends it, but with every trait.
        const data = {
          method: "update",
          state: widget.all(),
          buffer_paths: [],
        };
        const content = { comm_id: widget.modelId, data };
        all += new TextEncoder().encode(JSON.stringify(content)).length;
      }
    });
    return [{
      figure: "sent in an hour of an access log; floor: resending all traits",
      unit: "MB",
      floor: all / 1e6,
      ours: ours / 1e6,
      limit: 0.5,
    }];
  },
};

/** Serves requests at random times, the same in each run. */
class Server {
  #seed = 1;
  #time = Date.UTC(2026, 0, 2, 3, 4, 5);

  /** Returns what it logs within a second. */
  nextSecond(): string {
    this.#time += 1000;
    let lines = "";
    // The number of requests in a second follows a Poisson distribution.
    for (let left = Math.exp(-RATE); (left *= 1 / this.#random()) < 1;) {
      lines += this.#line();
    }
    return lines;
  }

  #line(): string {
    const client = `203.0.113.${Math.floor(256 * this.#random())}`;
    const time = new Date(this.#time).toISOString();
    const path = PATHS[Math.floor(PATHS.length * this.#random())];
    const status = this.#random() < 0.02 ? 404 : 200;
    const size = Math.floor(20_000 * this.#random());
    return `${client} - - [${time}] "GET ${path} HTTP/1.1" ${status} ${size} "-" ` +
      `"Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0"\n`;
  }

  /** Returns a number above 0 and below 1: a linear congruential generator. */
  #random(): number {
    this.#seed = (this.#seed * 48_271) % 0x7fffffff;
    return this.#seed / 0x7fffffff;
  }
}
