/** A page of the console as its stage declares it; nothing central lists them. */
import type { Words } from './words.ts';

export interface Page {
  readonly path: string;
  readonly load: () => Promise<{ readonly default: React.ComponentType }>;
  /** In the menu: its word, its place along the river, and the action without which it is not shown. */
  readonly menu?: { readonly title: Words; readonly order: number; readonly action: string | null };
}
