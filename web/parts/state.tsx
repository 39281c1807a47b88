/** States, codes and instants as they are drawn everywhere. */
import { Tooltip, Typography } from 'antd';
import { type Tone, tones } from './theme.ts';
import { useSay, type Words } from './words.ts';

/** A state: shape, word and colour. */
export function State({ tone, words, why }: { tone: Tone; words: Words; why?: Words | undefined }) {
  const say = useSay();
  const mark = (
    <span className="whole" style={{ color: tones[tone].colour }}>
      <span aria-hidden="true">{tones[tone].shape}</span>
      {'\u00a0'}
      {say(words)}
    </span>
  );
  return why ? (
    <Tooltip title={say(why)} trigger={['hover', 'focus']}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason must be readable without a mouse */}
      <span tabIndex={0}>{mark}</span>
    </Tooltip>
  ) : (
    mark
  );
}

/** Tone of a process state or of a run. */
export const toneOf = (word: string): Tone =>
  (({
    done: 'good',
    good: 'good',
    bound: 'good',
    answered: 'good',
    waiting: 'attention',
    running: 'attention',
    stale: 'attention',
    drifted: 'attention',
    refused: 'broken',
    failed: 'broken',
    broken: 'broken',
    cancelled: 'unknown',
  })[word] as Tone) ?? 'unknown';

/** A code in a monospaced face with a copy button. */
export const Code = ({ text }: { text: string }) => (
  <Typography.Text code copyable={{ text, tooltips: false }} className={text.length < 40 ? 'whole' : ''} style={{ wordBreak: 'break-all' }}>
    {text}
  </Typography.Text>
);

/** An instant as 2026-11-22 09:30:05 in the city's zone. */
export function Instant({ at }: { at: string | null | undefined }) {
  if (!at) return <>—</>;
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' }).format(
    new Date(at.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')),
  );
  return (
    <time className="whole" style={{ fontVariantNumeric: 'tabular-nums' }}>
      {shown}
    </time>
  );
}

/** A whole number with its thousands set apart. */
export const Count = ({ n }: { n: number | string }) => (
  <span data-count={n} style={{ fontVariantNumeric: 'tabular-nums' }}>
    {Number(n).toLocaleString('en-US')}
  </span>
);

/** A long text in a table whose columns are as wide as what they hold: it goes over several lines, and on a phone is seen whole. */
export const Wrapped = ({ width = 360, children }: { width?: number; children: React.ReactNode }) => (
  <span style={{ display: 'inline-block', maxWidth: `min(${width}px, 60vw)`, whiteSpace: 'normal' }}>{children}</span>
);
