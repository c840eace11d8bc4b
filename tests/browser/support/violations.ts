import axe from "axe-core";
import type { Page } from "playwright-core";

/** Returns the accessibility violations of the widgets in a page. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const tool = (globalThis as unknown as { axe: typeof axe }).axe;
    const { violations } = await tool.run(
      [...document.querySelectorAll<HTMLElement>(".process-widget")],
    );
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => {
        return `${id}: ${html.slice(0, 200)}\n${failureSummary}`;
      })
    );
  });
}
