/** The form of an upload names every delimiter that the reader of text files knows, and no other. */
import { expect, test } from 'vitest';
import { delimiters } from '../../../../connectors/csv-delimiters.ts';
import { delimiterWords } from './upload-words.ts';

test('every delimiter has its words on the page', () => {
  expect(Object.keys(delimiterWords).sort()).toEqual([...delimiters].sort());
});
