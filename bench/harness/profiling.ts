/** The environment variable of a program that is profiled. */
export const PROFILING = "BENCH_PROFILING";

/** Whether this program is profiled. Floors are left out then, as they would fill
 * the profile, and no figure is valid. */
export const isProfiling: boolean = Deno.env.has(PROFILING);
