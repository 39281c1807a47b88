/** Code that is fetched when it is first needed, whatever the network does meanwhile. */
import { call, connection, Refused } from './api.ts';

/** Resolves once the platform answers again; the banner asks until it does. */
const connected = (): Promise<void> =>
  new Promise((done) => {
    if (!connection.isAway()) return done();
    const stop = connection.watch(() => {
      if (connection.isAway()) return;
      stop();
      done();
    });
  });

/** Whether the platform answers now; asking says so on the banner. */
async function answers(): Promise<boolean> {
  try {
    await call('GET /api/health', {});
    return true;
  } catch (error) {
    // A refusal is an answer, too.
    return error instanceof Refused && error.problem.status !== 0;
  }
}

/**
 * Fetches it once the platform answers. It is asked before and not after: a browser keeps that an import failed, and never fetches that file again on this page.
 * @throws Refused CODE_NOT_FETCHED where the platform answers and does not have it (any more)
 */
export async function fetchedCode<T>(load: () => Promise<T>): Promise<T> {
  while (!(await answers())) await connected();
  try {
    return await load();
  } catch (cause) {
    throw Object.assign(
      new Refused({
        code: 'CODE_NOT_FETCHED',
        status: 0,
        title: '没有取到这个页面的程序',
        titleEn: 'The program of this page could not be fetched',
        hint: '控制台可能刚刚更新过，请重新载入页面。',
        hintEn: 'The console may just have been renewed: load the page again.',
        faults: [],
      }),
      { cause },
    );
  }
}
