/** Sizes and spans of time as they are drawn everywhere. */
import { useSay } from './words.ts';

const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** A number of bytes in the unit that fits, the exact number on demand; null is not known. */
export function Bytes({ n }: { n: number | null }) {
  const say = useSay();
  if (n === null) return <>{say({ zh: '未知', en: 'not known' })}</>;
  const step = Math.min(units.length - 1, n < 1 ? 0 : Math.floor(Math.log(n) / Math.log(1024)));
  const shown = step === 0 ? String(n) : (n / 1024 ** step).toFixed(1);
  return (
    <span title={say({ zh: `${n.toLocaleString('en-US')} 字节`, en: `${n.toLocaleString('en-US')} bytes` })} {...figures}>
      {shown} {units[step]}
    </span>
  );
}

/** How long ago something began, in its two largest units. */
export function Elapsed({ since }: { since: string | null }) {
  const say = useSay();
  if (!since) return <>{say({ zh: '未知', en: 'not known' })}</>;
  const at = new Date(since.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).getTime();
  const seconds = Math.max(0, Math.floor((Date.now() - at) / 1000));
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  const words =
    days > 0
      ? { zh: `${days} 天 ${hours} 小时`, en: `${days} d ${hours} h` }
      : hours > 0
        ? { zh: `${hours} 小时 ${minutes} 分`, en: `${hours} h ${minutes} min` }
        : { zh: `${minutes} 分 ${seconds % 60} 秒`, en: `${minutes} min ${seconds % 60} s` };
  return <span {...figures}>{say(words)}</span>;
}

const figures = { className: 'whole', style: { fontVariantNumeric: 'tabular-nums' } } as const;
