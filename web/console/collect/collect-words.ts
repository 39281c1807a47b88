/** Words of collecting. */
import { deliveryFaultWords } from '../../../declare/delivery-fault.ts';
import type { Tone } from '../../parts/theme.ts';

export const modes = { full: { zh: '全量', en: 'Full' }, incremental: { zh: '增量', en: 'Incremental' } } as const;
export const rowKinds = {
  data: { zh: '数据', en: 'Data' },
  refused: { zh: '拒收', en: 'Refused' },
  title: { zh: '标题', en: 'Title' },
  header: { zh: '表头', en: 'Header' },
  blank: { zh: '空行', en: 'Blank' },
  footer: { zh: '表尾', en: 'Footer' },
  aside: { zh: '夹在数据中的非数据', en: 'Aside among the data' },
} as const;
/** Rows among the data of a file that are none. */
export const asideWords = {
  heading: { zh: '只填一格的行（分组标题、说明）', en: 'Rows with one filled cell (headings, notes)' },
  total: { zh: '合计、小计行', en: 'Rows of sums' },
  header: { zh: '重复出现的表头', en: 'The header printed again' },
  unit: { zh: '表头下的计量单位行', en: 'Units below the header' },
} as const;
/** Why a row was refused. */
export const faultWords: Readonly<Record<string, { zh: string; en: string }>> = deliveryFaultWords;

/** What became of a batch. */
export const batchStands = {
  accepted: { tone: 'good', zh: '启用', en: 'In use' },
  waiting: { tone: 'attention', zh: '待确认', en: 'Waits' },
  'set-aside': { tone: 'unknown', zh: '未启用', en: 'Not used' },
} as const;

/** How a source was found last. */
export const sourceStates: Readonly<Record<'never' | 'trouble' | 'drifted' | 'waiting' | 'good', { tone: Tone; zh: string; en: string }>> =
  {
    good: { tone: 'good', zh: '正常', en: 'Good' },
    drifted: { tone: 'attention', zh: '结构漂移', en: 'Drifted' },
    waiting: { tone: 'attention', zh: '待确认', en: 'Waits for its steward' },
    trouble: { tone: 'broken', zh: '连不上', en: 'Not reachable' },
    never: { tone: 'unknown', zh: '还没有数据', en: 'Nothing landed yet' },
  };
