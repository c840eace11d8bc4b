import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseHealth } from "../../../process/directory/health.ts";
import { ReasonError } from "../../../process/files/reading.ts";

const json = JSON.stringify;

Deno.test("parseHealth reads a report with all its fields", () => {
  const text = json({
    timestamp: "2026-01-02T03:04:05.678Z",
    status: "healthy",
    message: "all is well",
    details: { requests: 7 },
  });
  assertEquals(parseHealth(text), {
    status: "healthy",
    message: "all is well",
    timestamp: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    details: { requests: 7 },
  });
});

Deno.test("parseHealth requires only a status, which may be any string", () => {
  const nothing = { message: null, timestamp: null, details: null };
  for (const status of ["healthy", "degraded", "Sick!", ""]) {
    assertEquals(parseHealth(json({ status })), { status, ...nothing });
  }
  const text = json({ status: "ok", ...nothing, unknown: [1] });
  assertEquals(parseHealth(text), { status: "ok", ...nothing });
});

Deno.test("parseHealth uses the message in the details if the report has none", () => {
  const details = { message: "disk full" };
  assertEquals(
    parseHealth(json({ status: "x", details })).message,
    "disk full",
  );
  assertEquals(
    parseHealth(json({ status: "x", message: "", details })).message,
    "",
  );
});

Deno.test("parseHealth reads a time without a zone as local time, as Python writes it", () => {
  const timestamp = "2026-01-02T03:04:05.678901";
  assertEquals(
    parseHealth(json({ status: "x", timestamp })).timestamp,
    new Date(2026, 0, 2, 3, 4, 5, 678).getTime(),
  );
});

Deno.test("parseHealth ignores a malformed timestamp", () => {
  for (const timestamp of ["", "now", "7", "2026-99-99T00:00:00Z", 1, {}]) {
    assertEquals(parseHealth(json({ status: "x", timestamp })).timestamp, null);
  }
});

Deno.test("parseHealth rejects incomplete JSON", () => {
  for (const text of ["", "{", '{"status": "heal', "healthy"]) {
    assertThrows(() => parseHealth(text), ReasonError, "it is not valid JSON");
  }
});

Deno.test("parseHealth reads the status whatever is beside it", () => {
  const nothing = { message: null, timestamp: null, details: null };
  const cases: [object, object][] = [
    [{ message: 1 }, { message: "1" }],
    [{ message: ["a", null] }, { message: '["a",null]' }],
    [{ details: "x" }, {}],
    [{ details: ["x"] }, {}],
    [
      { details: { message: 7 } },
      { message: "7", details: { message: 7 } },
    ],
  ];
  for (const [fields, expected] of cases) {
    assertEquals(parseHealth(json({ status: "ill", ...fields })), {
      status: "ill",
      ...nothing,
      ...expected,
    });
  }
});

Deno.test("parseHealth accepts the NaN and Infinity that Python writes", () => {
  const text =
    '{"status": "NaN \\" Infinity", "details": {"loss": NaN, "best": [-Infinity, Infinity], "NaN": "-Infinity"}}';
  assertEquals(parseHealth(text), {
    status: 'NaN " Infinity',
    message: null,
    timestamp: null,
    details: { loss: null, best: [null, null], NaN: "-Infinity" },
  });
});

Deno.test("parseHealth bounds details that would break what handles them", () => {
  const huge = parseHealth('{"status": "ill", "details": {"rate": 1e999}}');
  assertEquals(huge.details, { rate: null });
  const levels = 20_000;
  const nested = '{"a":'.repeat(levels) + "1" + "}".repeat(levels);
  const { status, details } = parseHealth(
    `{"status": "ill", "details": ${nested}}`,
  );
  assertEquals(status, "ill");
  const text = JSON.stringify(details);
  assertEquals(text.split("{").length - 1, 31);
  assertStringIncludes(text, "…");
});

Deno.test("parseHealth rejects malformed text of 1 MiB in linear time", () => {
  for (
    const text of ['{"a": "' + '\\"'.repeat(500_000), "[".repeat(1_000_000)]
  ) {
    assertThrows(() => parseHealth(text), ReasonError);
  }
});

Deno.test("parseHealth rejects values of another type and names the field", () => {
  for (const value of [[], ["healthy"], "healthy", 1, true, null]) {
    assertThrows(
      () => parseHealth(json(value)),
      ReasonError,
      "it does not hold a JSON object",
    );
  }
  const rejected: [unknown, string][] = [
    [{}, "'status' is missing"],
    [{ status: null }, "'status' is missing"],
    [{ status: 1 }, "'status' is not a string"],
    [{ status: ["healthy"] }, "'status' is not a string"],
  ];
  for (const [value, message] of rejected) {
    assertThrows(() => parseHealth(json(value)), ReasonError, message);
  }
});
