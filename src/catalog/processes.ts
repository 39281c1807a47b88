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
/** In force since then. */
const decree809 = '2025-08-01';

export const entryPublication: Process = process({
  id: entryProcess,
  title: { zh: '目录发布', en: 'Publication of an entry' },
  of: 'entry',
  start: 'draft',
  states: [
    { id: 'draft', title: { zh: '草稿', en: 'Draft' }, tone: 'neutral' },
    {
      id: 'submitted',
      title: { zh: '待审核', en: 'Submitted' },
      tone: 'waiting',
      limits: [
        {
          days: 2,
          basis: {
            zh: '《政务数据共享条例》（国务院令第809号）：主管部门 2 个工作日内审核（条款待核实）',
            en: 'Decree 809: the authority examines within 2 working days (clause unconfirmed)',
          },
          validFrom: decree809,
          validTo: null,
          confirmed: false,
        },
      ],
    },
    { id: 'returned', title: { zh: '已退回', en: 'Returned' }, tone: 'refused' },
    { id: 'published', title: { zh: '已发布', en: 'Published' }, tone: 'done' },
    {
      id: 'changed',
      title: { zh: '变更中', en: 'Being changed' },
      tone: 'waiting',
      limits: [
        {
          days: 10,
          basis: {
            zh: '《政务数据共享条例》（国务院令第809号）：目录变化后 10 个工作日内更新（条款待核实）',
            en: 'Decree 809: a changed entry is updated within 10 working days (clause unconfirmed)',
          },
          validFrom: decree809,
          validTo: null,
          confirmed: false,
        },
      ],
    },
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
      duty: false,
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
      duty: false,
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
      duty: false,
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
      duty: false,
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
      duty: false,
      itself: null,
    },
  ],
});

/** Processes this stage brings. */
export const catalogProcesses: readonly Process[] = [entryPublication];
