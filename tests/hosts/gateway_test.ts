/** A browser, a Jupyter server and a Jupyter Kernel Gateway on three hosts. */
import { fromFileUrl, join } from "@std/path";
import { userInfo } from "node:os";
import { ensureHostEnvironment } from "../../.tasks/host_environment.ts";
import { ROOT, VENV } from "../../.tasks/project.ts";
import { SCREENSHOTS } from "../browser/support/browser.ts";
import { Lab, startServer } from "../browser/support/lab.ts";
import { browserOn } from "./support/browser.ts";
import { Network, whyNoNetwork } from "./support/network.ts";
import { Program } from "./support/program.ts";
import { RemoteRelay } from "./support/remote_relay.ts";
import { worksAcrossHosts } from "./support/trial.ts";

const REQUIREMENTS = fromFileUrl(new URL("requirements.txt", import.meta.url));
const reason = await whyNoNetwork();
if (reason) console.log(`Skipped: ${reason}`);

const PORT = 8888;

Deno.test({
  name: "A widget works through Jupyter Kernel Gateway",
  ignore: reason !== null,
  async fn(t) {
    const programs = await ensureHostEnvironment("jupyter", REQUIREMENTS);
    await using stack = new AsyncDisposableStack();
    const network = stack.use(await Network.create());
    const browserHost = await network.addHost("page");
    const serverHost = await network.addHost("lab");
    const kernelHost = await network.addHost("kern");
    const token = crypto.randomUUID();
    const gateway = stack.use(
      await Program.start(kernelHost, [
        join(programs, "jupyter-kernelgateway"),
        `--KernelGatewayApp.ip=${kernelHost.address}`,
        `--KernelGatewayApp.port=${PORT}`,
        `--KernelGatewayApp.auth_token=${token}`,
        "--JupyterWebsocketPersonality.list_kernels=True",
      ], {
        cwd: ROOT,
        env: { JUPYTER_PATH: join(VENV, "share", "jupyter") },
        url: `http://${kernelHost.address}:${PORT}/api`,
      }),
    );
    const kernelRelay = stack.use(await RemoteRelay.start(kernelHost, PORT));
    const server = await startServer(stack, {
      host: serverHost,
      args: [
        `--gateway-url=http://${kernelHost.address}:${kernelRelay.port}`,
        `--GatewayClient.auth_token=${token}`,
      ],
    });
    const lab = stack.use(
      await Lab.start({ server, browser: await browserOn(browserHost, stack) }),
    );
    const pageRelay = stack.use(await RemoteRelay.start(serverHost, lab.port));
    try {
      await worksAcrossHosts(t, {
        open: (...cells) => lab.openThrough(pageRelay.port, ...cells),
        home: userInfo().homedir,
        screenshots: join(SCREENSHOTS, "gateway"),
        async setLatency(ms) {
          await pageRelay.setLatency(ms);
          await kernelRelay.setLatency(ms);
        },
        outages: [
          {
            name: "the browser is unplugged for 30 s",
            begin: () => browserHost.unplug(),
            end: () => browserHost.plugIn(),
          },
          {
            name: "the network loses all data of the browser for 30 s",
            begin: () => browserHost.loseAll(),
            end: () => browserHost.loseNothing(),
          },
          {
            name: "the network loses all data of the kernel for 30 s",
            begin: () => kernelHost.loseAll(),
            end: () => kernelHost.loseNothing(),
          },
        ],
      });
    } catch (error) {
      console.log((await gateway.readLog()).slice(-5000));
      throw error;
    }
  },
});
