/** What a start says while it works: one line a step, Chinese and English, with the time since the beginning. */
const began = performance.now();

/** Seconds since the process began to work. */
export const elapsed = (): number => (performance.now() - began) / 1000;

/** Prints a step. On a terminal a step that is still going on is overwritten by the next word about it. */
export function say(zh: string, en: string): void {
  clearLine();
  console.log(`${elapsed().toFixed(1).padStart(6)} s  ${zh} · ${en}`);
}

let open = false;

/** Shows progress on one line; on a terminal only, so that a log file is not filled. */
export function show(zh: string, en: string): void {
  if (!process.stdout.isTTY) return;
  process.stdout.write(`\r\u001b[2K${elapsed().toFixed(1).padStart(6)} s  ${zh} · ${en}`);
  open = true;
}

function clearLine(): void {
  if (open) process.stdout.write('\r\u001b[2K');
  open = false;
}
