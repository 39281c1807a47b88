/** A browser for the tests: an installed Chromium or Chrome, else the one that comes with npm; without any the tests fail and say so. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Launches it. */
export async function openBrowser(): Promise<Browser> {
  const quiet = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-dev-shm-usage',
  ];
  const path = process.env['CHENGSHU_CHROMIUM'] ?? installed.find((p) => existsSync(p));
  if (path) return chromium.launch({ executablePath: path, headless: true, args: quiet });
  // Not with its own list of flags: --single-process hangs at the third signed-in page, --disable-web-security hides what a real browser refuses.
  const { default: shipped } = await import('@sparticuz/chromium');
  return chromium.launch({ executablePath: await shipped.executablePath(), headless: true, args: quiet });
}
