/** A platform in a bench's own process tree: embedded PostgreSQL, warehouse and all stages, on a folder that is removed afterwards. */
import startPostgres from '../test/postgres.ts';

/** Starts it. What it is made of is imported after the server is up, because the test installation asks where that is. */
export async function openInstallation() {
  const stop = await startPostgres();
  const { testKernel } = await import('../test/kernel.ts');
  const { codeModels, createStages } = await import('../bin/stages.ts');
  const { modelKinds } = await import('#declare');
  const k = await testKernel(createStages());
  const { divisionOverlay } = await import('#city/index');
  for (const kind of modelKinds) await k.put(kind, ...codeModels[kind]);
  await k.put('code-list', divisionOverlay);
  return {
    k,
    close: async () => {
      await k.close();
      await stop();
    },
  };
}

/** The middle of some numbers. */
export const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** Median and range of per-round ratios; without a claim where they spread over more than 15%. */
export function told(ratios: readonly number[]): string {
  const [mid, least, most] = [median(ratios), Math.min(...ratios), Math.max(...ratios)];
  const spread = mid > 0 && (most - least) / mid > 0.15 ? '; no claim: the ratio spreads over more than 15%' : '';
  return `${mid.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)}, ${ratios.length} rounds)${spread}`;
}
