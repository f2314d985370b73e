/** When to try again what failed for a passing reason. */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
/** A sleeping free Render service takes about a minute to wake. */
export const PATIENCE_MS = 90_000;

/** Doubles with every attempt (from 0); half of it is random, so that clients do not come in step. */
export function pauseMs(attempt, random = Math.random) {
  const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  return full / 2 + (random() * full) / 2;
}

/**
 * Calls until it succeeds, fails for good, or the patience is over.
 *
 * @param {() => Promise} call
 * @param {object} options
 * @param {AbortSignal} [options.signal] ends the waiting
 */
export async function withPatience(
  call,
  { signal, patienceMs = PATIENCE_MS, now = Date.now } = {},
) {
  const startedMs = now();
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const pause = pauseMs(attempt);
      const isOver = now() - startedMs + pause > patienceMs;
      if (!error.isPassing || isOver || signal?.aborted) throw error;
      await wait(pause, signal);
    }
  }
}

/** Rejects with the signal's reason when it is aborted. */
export function wait(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
