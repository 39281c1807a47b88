/** Asking a part that may be away: the page that tells of a failure must not hang on it. */

/** How long a part is given to answer. */
export const patienceMs = 2000;

/** Silence, in words of our own; what a system said itself stays as it was said. */
export class Silent extends Error {
  override readonly name = 'Silent';
  readonly said: { readonly zh: string; readonly en: string };
  constructor(zh: string, en: string) {
    super(en);
    this.said = { zh, en };
  }
}

/** Resolves with the answer. @throws Silent when it takes too long */
export async function promptly<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Silent(`${patienceMs / 1000} 秒内没有应答`, `no answer within ${patienceMs / 1000} s`)),
      patienceMs,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    // Nobody waits for it any more; its failure is told by the part's own health.
    answer.catch(() => undefined);
  }
}

/** The answer, or `otherwise` where the part is away or too slow. */
export async function within<T, O>(answer: Promise<T>, otherwise: O): Promise<T | O> {
  try {
    return await promptly(answer);
  } catch {
    return otherwise;
  }
}
