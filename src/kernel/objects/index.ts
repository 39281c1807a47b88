/** The face of the object store. */
export { type Objects, openObjects, type Stored } from './objects.ts';
