/** The catalog's code values in words (目录编制指南 2017). */
import type { Tone } from '../../parts/theme.ts';

export { formats, openTypes, resourceClasses, shareTypes, updateCycles } from '../../parts/document-words.ts';

export const mountStates: Readonly<
  Record<'none' | 'unknown' | 'bound' | 'drifted' | 'stale' | 'broken', { tone: Tone; zh: string; en: string }>
> = {
  bound: { tone: 'good', zh: '挂接正常', en: 'Bound' },
  drifted: { tone: 'attention', zh: '结构漂移', en: 'Drifted' },
  stale: { tone: 'attention', zh: '超期未更新', en: 'Stale' },
  broken: { tone: 'broken', zh: '连不上', en: 'Broken' },
  unknown: { tone: 'unknown', zh: '尚未探测', en: 'Not probed yet' },
  none: { tone: 'unknown', zh: '未挂接', en: 'Not mounted' },
};
