/** The process an entry goes through (目录编制指南 2017: compiled by the department, examined and published by the authority). */
import { type Process, process } from '#declare';

/** Settings of the stage: the process its entries begin, and the states and the step it acts upon. */
export const entryProcess = 'entry-publication';
export const entryStates = {
  published: 'published',
  withdrawn: 'withdrawn',
  editable: ['draft', 'returned', 'changed'] as readonly string[],
};
export const changeStep = 'change';

export const entryPublication: Process = process({
  id: entryProcess,
  title: { zh: '目录发布', en: 'Publication of an entry' },
  of: 'entry',
  start: 'draft',
  states: [
    { id: 'draft', title: { zh: '草稿', en: 'Draft' }, tone: 'neutral' },
    { id: 'submitted', title: { zh: '待审核', en: 'Submitted' }, tone: 'waiting' },
    { id: 'returned', title: { zh: '已退回', en: 'Returned' }, tone: 'refused' },
    { id: 'published', title: { zh: '已发布', en: 'Published' }, tone: 'done' },
    { id: 'changed', title: { zh: '变更中', en: 'Being changed' }, tone: 'waiting' },
    { id: 'withdrawn', title: { zh: '已注销', en: 'Withdrawn' }, tone: 'neutral' },
  ],
  steps: [
    {
      id: 'submit',
      title: { zh: '提交审核', en: 'Submit' },
      from: ['draft', 'returned', 'changed'],
      to: 'submitted',
      by: ['provider-steward'],
      as: 'owner',
      opinion: 'optional',
      itself: null,
    },
    {
      id: 'recall',
      title: { zh: '撤回修改', en: 'Recall' },
      from: ['submitted'],
      to: 'returned',
      by: ['provider-steward'],
      as: 'owner',
      opinion: 'optional',
      itself: null,
    },
    {
      id: 'publish',
      title: { zh: '同意发布', en: 'Publish' },
      from: ['submitted'],
      to: 'published',
      by: ['operator'],
      as: 'any',
      opinion: 'optional',
      itself: null,
    },
    {
      id: 'return',
      title: { zh: '退回', en: 'Return' },
      from: ['submitted'],
      to: 'returned',
      by: ['operator'],
      as: 'any',
      opinion: 'required',
      itself: null,
    },
    {
      id: changeStep,
      title: { zh: '变更', en: 'Change' },
      from: ['published'],
      to: 'changed',
      by: ['provider-steward'],
      as: 'owner',
      opinion: 'optional',
      itself: null,
    },
    {
      id: 'withdraw',
      title: { zh: '注销', en: 'Withdraw' },
      from: ['draft', 'returned', 'published', 'changed'],
      to: 'withdrawn',
      by: ['provider-steward'],
      as: 'owner',
      opinion: 'required',
      itself: null,
    },
    {
      id: 'take-down',
      title: { zh: '责令注销', en: 'Take down' },
      from: ['submitted', 'published', 'changed'],
      to: 'withdrawn',
      by: ['operator'],
      as: 'any',
      opinion: 'required',
      itself: null,
    },
    {
      id: 'reopen',
      title: { zh: '恢复编制', en: 'Reopen' },
      from: ['withdrawn'],
      to: 'draft',
      by: ['provider-steward'],
      as: 'owner',
      opinion: 'optional',
      itself: null,
    },
  ],
});

/** Processes this stage brings. */
export const catalogProcesses: readonly Process[] = [entryPublication];
