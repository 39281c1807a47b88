/** The order that `npm run crash:trace` demands, on a trace that keeps it and on the same trace with each step moved or taken away. */
import { expect, test } from 'vitest';
import { objectSteps } from './object-steps.ts';
import { systemCalls } from './system-calls.ts';

const digest = 'f7'.repeat(32);
const staged = '/d/objects/staging/68.84-94';
const socket = '29<TCP:[127.0.0.1:42840->127.0.0.1:44913]>';
const lines = [
  `70  openat(AT_FDCWD</c>, "${staged}", O_WRONLY|O_CREAT, 0666) = 27<${staged}>`,
  `70  write(27<${staged}>, "PAR1", 4 <unfinished ...>`,
  `68  write(20<anon_inode:[eventfd]>, "\\1\\0", 8) = 8`,
  `70  <... write resumed>)              = 4`,
  `71  fsync(33<${staged}>) = 0`,
  `72  fsync(32</d/objects>)   = 0`,
  `71  rename("${staged}", "/d/objects/f7/${digest}") = 0`,
  `72  fsync(32</d/objects/f7>) = 0`,
  `68  writev(${socket}, [{iov_base="insert into collect.batch", iov_len=25}, {iov_base="${digest}", iov_len=64}], 2) = 89`,
  `68  write(${socket}, "Q\\0\\0\\0\\vcommit\\0", 12) = 12`,
  `81  fdatasync(35</p/data/pg_wal/000000010000000000000002>) = 0`,
  `68  write(${socket}, "Q\\0\\0\\0\\nbegin\\0", 11) = 11`,
];
const faults = (trace: readonly string[]) => objectSteps(systemCalls(trace.join('\n'))).map((o) => o.fault);
const moved = (from: number, to: number): readonly string[] => {
  const rest = lines.filter((_, i) => i !== from);
  return [...rest.slice(0, to), lines[from] as string, ...rest.slice(to)];
};

test('a trace that keeps the order', () => expect(faults(lines)).toEqual([undefined]));

test.each([
  ['the file is synced before its last byte', moved(4, 2), 'too early: the file is forced to the disk'],
  ['the file is synced after it got its name', moved(4, 6), 'missing: the name of its new folder is'],
  ['the new folder is synced after it is used', moved(5, 6), 'too early: it gets its name'],
  ['the name is synced before it is given', moved(7, 5), 'missing: the name is forced to the disk'],
  ['the database hears of it before the name is durable', moved(8, 6), 'too early: the database hears of it'],
  ["the database's log is not synced before it answers", moved(10, 11), "missing: the database's log is forced to the disk"],
  ['the file is never synced', lines.filter((_, i) => i !== 4), 'missing: the file is forced to the disk'],
  [
    'a sync failed',
    lines.map((l, i) => (i === 7 ? l.replace('= 0', '= -1 EIO (Input/output error)') : l)),
    'missing: the name is forced to the disk',
  ],
  ['nothing commits', lines.filter((_, i) => i !== 9), 'missing: the transaction commits'],
])('%s', (_, trace, fault) => expect(faults(trace)).toEqual([fault]));

test('the second object of a folder needs no new name for it', () => {
  const again = lines.filter((_, i) => i !== 5).map((l) => l.replaceAll(digest, `f7${'a'.repeat(62)}`).replaceAll(staged, `${staged}b`));
  expect(faults([...lines, ...again])).toEqual([undefined, undefined]);
});
