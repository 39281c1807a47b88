/** The face of the object store. */
export type { ObjectEffects } from './effects.ts';
export { type Objects, openObjects, type Stored } from './objects.ts';
