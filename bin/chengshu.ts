#!/usr/bin/env node
/**
 * The program: it keeps compiled code beside the packages, then runs the command line. Reading some 250 files of TypeScript costs each of the four
 * processes of a start 0.85 s of a processor, and 0.45 s when they are compiled already.
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Children read the variable; a folder that cannot be written to means only that nothing is kept.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));
enableCompileCache(process.env['NODE_COMPILE_CACHE']);
// Whoever reads what is printed may stop reading (`| head`): that is no fault of anybody's.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
const { main, explain } = await import('./command-line.ts');
process.exitCode = await main().catch(explain);
