/**
 * Measures one figure and writes its rows as JSON:
 * `deno run -A bench/harness/program.ts NAME FILE`.
 */
import { FIGURES } from "../figures.ts";

const [name, file] = Deno.args;
const rows = await FIGURES.find((figure) => figure.name === name)!.measure();
await Deno.writeTextFile(file, JSON.stringify(rows));
// Timers of a figure, such as heartbeats, would keep this program alive.
Deno.exit();
