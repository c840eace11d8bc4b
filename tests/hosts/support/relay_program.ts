/**
 * Runs a relay on a host: `relay_program.ts <address> <port>`. Prints its port,
 * and reads its latency in milliseconds, one a line, until its input ends.
 */
import { TextLineStream } from "../../../process/files/text_line_stream.ts";
import { Relay } from "../../browser/support/relay.ts";

const [hostname, port] = Deno.args;
await using relay = new Relay(Number(port), { hostname });
console.log(relay.port);
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
  .pipeThrough(new TextLineStream());
for await (const line of lines) relay.latency = Number(line);
