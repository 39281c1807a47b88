/** The process a request goes through (Decree 809: the provider answers every request, and says why when it refuses). */
import { type Process, process } from '#declare';
import { col, eq, text } from '#declare/expr/index';

/** In force since 2025-08-01; shorter local limits are a new version of the process in the console. */
const decree809 = '2025-08-01';

const applicants = ['consumer-steward', 'developer'];

export const shareRequest: Process = process({
  id: 'share-request',
  title: { zh: '共享申请', en: 'Sharing request' },
  of: 'request',
  start: 'submitted',
  states: [
    {
      id: 'submitted',
      title: { zh: '已提交', en: 'Submitted' },
      tone: 'waiting',
      limits: [
        {
          days: 2,
          basis: {
            zh: '规范性审核 2 个工作日（有的县区如此规定，国家条例没有这一项）',
            en: 'Check of conformity, 2 working days (a rule of some counties; the national decree has none)',
          },
          validFrom: decree809,
          validTo: null,
          confirmed: false,
        },
      ],
    },
    {
      id: 'admitted',
      title: { zh: '已受理', en: 'Admitted' },
      tone: 'waiting',
      limits: [
        {
          days: 10,
          basis: {
            zh: '《政务数据共享条例》（国务院令第809号）：有条件共享的申请，10 个工作日内答复',
            en: 'Decree 809 of the State Council on sharing government data: a request for conditional data is answered within 10 working days',
          },
          validFrom: decree809,
          validTo: null,
          confirmed: true,
        },
      ],
    },
    // Waits for the applicant, who was asked to complete it or took it back to change it: the clock of the provider stands still, and no
    // clause limits the applicant.
    { id: 'returned', title: { zh: '待修改', en: 'To be changed' }, tone: 'waiting' },
    { id: 'approved', title: { zh: '已同意', en: 'Approved' }, tone: 'done' },
    { id: 'rejected', title: { zh: '不同意', en: 'Rejected' }, tone: 'refused' },
    { id: 'withdrawn', title: { zh: '已撤回', en: 'Withdrawn' }, tone: 'neutral' },
  ],
  steps: [
    {
      id: 'approve-unconditional',
      title: { zh: '无条件共享，直接同意', en: 'Shared unconditionally: approved' },
      from: ['submitted'],
      to: 'approved',
      by: [],
      as: 'any',
      opinion: 'optional',
      itself: eq(col('shareType'), text('1'), 'fails'),
    },
    {
      id: 'admit',
      title: { zh: '受理', en: 'Admit' },
      from: ['submitted'],
      to: 'admitted',
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
      id: 'approve',
      title: { zh: '同意', en: 'Approve' },
      from: ['admitted'],
      to: 'approved',
      by: ['provider-steward'],
      as: 'owner',
      opinion: 'optional',
      itself: null,
    },
    {
      id: 'reject',
      title: { zh: '不同意', en: 'Reject' },
      from: ['admitted'],
      to: 'rejected',
      by: ['provider-steward'],
      as: 'owner',
      opinion: 'required',
      itself: null,
    },
    {
      id: 'send-back',
      title: { zh: '退回补正', en: 'Send back' },
      from: ['admitted'],
      to: 'returned',
      by: ['provider-steward'],
      as: 'owner',
      opinion: 'required',
      itself: null,
    },
    {
      id: 'resubmit',
      title: { zh: '重新提交', en: 'Submit again' },
      from: ['returned'],
      to: 'submitted',
      by: applicants,
      as: 'counterpart',
      opinion: 'optional',
      itself: null,
    },
    {
      id: 'recall',
      title: { zh: '取回修改', en: 'Take back to change' },
      from: ['submitted', 'admitted'],
      to: 'returned',
      by: applicants,
      as: 'counterpart',
      opinion: 'optional',
      duty: false,
      itself: null,
    },
    {
      id: 'withdraw',
      title: { zh: '撤回', en: 'Withdraw' },
      from: ['submitted', 'admitted', 'returned'],
      to: 'withdrawn',
      by: applicants,
      as: 'counterpart',
      opinion: 'optional',
      duty: false,
      itself: null,
    },
  ],
});

/** Processes this stage brings. */
export const shareProcesses: readonly Process[] = [shareRequest];
