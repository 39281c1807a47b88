/** One city for all files of browser tests that do not need one of their own: started once, removed at the end. Each file makes what it changes. */
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { type CityAddress, passwordIn, startCity } from './city.ts';

declare module 'vitest' {
  interface ProvidedContext {
    city: { readonly address: string; readonly printed: string };
  }
}

/** Starts it before the first file. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const city = await startCity({ scale: 0.02, seed: 7 });
  project.provide('city', { address: city.address, printed: city.printed() });
  return () => city.remove();
}

/** The city that stands. */
export function sharedCity(): CityAddress {
  const { address, printed } = inject('city');
  return { address, password: (account) => passwordIn(printed, account) };
}
