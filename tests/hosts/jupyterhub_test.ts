/** A browser, a proxy, and a JupyterHub with its servers on three hosts. */
import { fromFileUrl, join } from "@std/path";
import { ensureHostEnvironment } from "../../.tasks/host_environment.ts";
import { ROOT, VENV } from "../../.tasks/project.ts";
import { SCREENSHOTS } from "../browser/support/browser.ts";
import { Lab } from "../browser/support/lab.ts";
import { browserOn } from "./support/browser.ts";
import { Network, whyNoNetwork } from "./support/network.ts";
import { Program } from "./support/program.ts";
import { RemoteRelay } from "./support/remote_relay.ts";
import { worksAcrossHosts } from "./support/trial.ts";
import { ensureProxy, PROXY } from "./support/proxy.ts";

const file = (path: string) => fromFileUrl(new URL(path, import.meta.url));

const PROXY_PORT = 8000;
const PROXY_API_PORT = 8001;
const HUB_PORT = 8081;
const USER = "ada";

const reason = await whyNoNetwork();
if (reason) console.log(`Skipped: ${reason}`);

Deno.test({
  name: "A widget works in JupyterHub",
  ignore: reason !== null,
  async fn(t) {
    const programs = await ensureHostEnvironment(
      "jupyter",
      file("requirements.txt"),
    );
    await ensureProxy();
    await using stack = new AsyncDisposableStack();
    const network = stack.use(await Network.create());
    const browserHost = await network.addHost("page");
    const proxyHost = await network.addHost("proxy");
    const hubHost = await network.addHost("hub");
    const home = await Deno.makeTempDir({ prefix: "test-hub-" });
    stack.defer(() => Deno.remove(home, { recursive: true }));
    const [password, token, proxyToken] = [1, 2, 3].map(() =>
      crypto.randomUUID()
    );
    const proxyApi = `http://${proxyHost.address}:${PROXY_API_PORT}`;
    const proxyUrl = `http://${proxyHost.address}:${PROXY_PORT}`;
    stack.use(
      await Program.start(proxyHost, [
        ...PROXY,
        ...[`--ip=${proxyHost.address}`, `--port=${PROXY_PORT}`],
        ...[`--api-ip=${proxyHost.address}`, `--api-port=${PROXY_API_PORT}`],
        `--default-target=http://${hubHost.address}:${HUB_PORT}`,
        "--error-target",
        `http://${hubHost.address}:${HUB_PORT}/hub/error`,
      ], {
        cwd: ROOT,
        env: { CONFIGPROXY_AUTH_TOKEN: proxyToken },
        url: `${proxyApi}/api/routes`,
      }),
    );
    const hub = stack.use(
      await Program.start(hubHost, [
        join(programs, "jupyterhub"),
        `--config=${file("support/jupyterhub_config.py")}`,
      ], {
        cwd: home,
        env: {
          PATH: `${programs}:${Deno.env.get("PATH")}`,
          JUPYTER_PATH: join(VENV, "share", "jupyter"),
          CONFIGPROXY_AUTH_TOKEN: proxyToken,
          HUB_ADDRESS: hubHost.address,
          PROXY_API: proxyApi,
          PROXY_URL: proxyUrl,
          USER_PASSWORD: password,
          TEST_TOKEN: token,
          USER_HOME: home,
          NOTEBOOKS: ROOT,
        },
        url: `${proxyUrl}/hub/api`,
      }),
    );
    try {
      const relay = stack.use(await RemoteRelay.start(proxyHost, PROXY_PORT));
      const lab = stack.use(
        await Lab.start({
          server: {
            url: `${proxyUrl}/user/${USER}/`,
            token,
            app: "lab",
            stateFolder: home,
          },
          browser: await browserOn(browserHost, stack),
          signIn: async (page) => {
            await page.goto(`${proxyUrl}/hub/login`);
            await page.locator("#username_input").fill(USER);
            await page.locator("#password_input").fill(password);
            await page.locator("#login_submit").click();
            await page.waitForURL(`**/user/${USER}/**`, { timeout: 60_000 });
          },
        }),
      );
      await worksAcrossHosts(t, {
        open: (...cells) => lab.openThrough(relay.port, ...cells),
        home,
        screenshots: join(SCREENSHOTS, "jupyterhub"),
        setLatency: (ms) => relay.setLatency(ms),
        outages: [
          {
            name: "the browser is unplugged for 30 s",
            begin: () => browserHost.unplug(),
            end: () => browserHost.plugIn(),
          },
          {
            name: "the network loses all data of the hub for 30 s",
            begin: () => hubHost.loseAll(),
            end: () => hubHost.loseNothing(),
          },
        ],
      });
    } catch (error) {
      console.log((await hub.readLog()).slice(-5000));
      throw error;
    }
  },
});
