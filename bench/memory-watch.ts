/**
 * A thread that watches how much memory a process and all below it hold, once a second: the kernel walks every page to tell, 30 to 100 ms for
 * a large process, and told five times a second in the measured thread that was half of what the bench measured. Asked, it tells the peak in MB since it was asked last.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

let peak = 0;
const look = (): void => {
  peak = Math.max(peak, memory(workerData as number));
};
setInterval(look, 1000);
parentPort?.on('message', () => {
  look();
  parentPort?.postMessage(peak);
  peak = 0;
});

/** Megabytes that a process, its children and their children hold: proportional sets, so that what PostgreSQL's processes share counts once. */
function memory(root: number): number {
  const all = readdirSync('/proc').flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return [{ pid: Number(pid), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }];
    } catch {
      return [];
    }
  });
  const ours = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const p of all)
      if (ours.has(p.parent) && !ours.has(p.pid)) {
        ours.add(p.pid);
        grown = true;
      }
  }
  let kilobytes = 0;
  for (const pid of ours)
    try {
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It ended while we looked.
    }
  return kilobytes / 1024;
}
