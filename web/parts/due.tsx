/** Until when something may wait, in working days; overdue is said by shape, word and colour. */
import { Tooltip } from 'antd';
import { State } from './state.tsx';
import { useSay, type Words } from './words.ts';

export interface DueProps {
  /** The last day on which it is not overdue; null where nothing limits it, or where it cannot be counted. */
  readonly until: string | null;
  /** Working days it may last. */
  readonly days: number | null;
  /** Working days left, negative when overdue; null where they cannot be counted. */
  readonly left: number | null;
  /** Its last day is over: on a day off no working day need have gone by. */
  readonly overdue: boolean;
  readonly limit?: { readonly basis: Words; readonly confirmed: boolean } | null;
}

/** So few working days left, or fewer, need attention. */
const fewDays = 3;

/** As 还剩 3 个工作日（11-27 截止）; the clause it comes from is shown beside it. */
export function Due({ until, days, left, overdue, limit }: DueProps) {
  const say = useSay();
  if (until === null && days === null) return <>—</>;
  const basis = limit && {
    zh: `${limit.basis.zh}${limit.confirmed ? '' : '（尚未确认）'}`,
    en: `${limit.basis.en ?? limit.basis.zh}${limit.confirmed ? '' : ' (not confirmed)'}`,
  };
  if (until === null) {
    const words = {
      zh: `${days} 个工作日（下一年的节假日安排公布后才能算出截止日）`,
      en: `${days} working days (the last day is known once next year’s holidays are published)`,
    };
    return <State tone="unknown" words={words} why={basis ?? undefined} />;
  }
  const day = until.slice(5);
  if (left === null) return <Tooltip title={basis && say(basis)}>{say({ zh: `${until} 截止`, en: `until ${until}` })}</Tooltip>;
  if (overdue) {
    const words =
      left === 0
        ? { zh: `已逾期（${day} 截止）`, en: `overdue (was due ${day})` }
        : {
            zh: `已逾期 ${-left} 个工作日（${day} 截止）`,
            en: `${-left} working ${left === -1 ? 'day' : 'days'} overdue (was due ${day})`,
          };
    return <State tone="broken" words={words} why={basis ?? undefined} />;
  }
  const words =
    left === 0
      ? { zh: `今天截止（${day}）`, en: `due today (${day})` }
      : { zh: `还剩 ${left} 个工作日（${day} 截止）`, en: `${left} working ${left === 1 ? 'day' : 'days'} left (due ${day})` };
  return <State tone={left <= fewDays ? 'attention' : 'good'} words={words} why={basis ?? undefined} />;
}
