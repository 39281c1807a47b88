/** The process a request goes through (Decree 809: the provider answers every request, and says why when it refuses). */
import { type Process, process } from '#declare';
import { col, eq, text } from '#declare/expr/index';

const applicants = ['consumer-steward', 'developer'];

export const shareRequest: Process = process({
  id: 'share-request',
  title: { zh: '共享申请', en: 'Sharing request' },
  of: 'request',
  start: 'submitted',
  states: [
    { id: 'submitted', title: { zh: '已提交', en: 'Submitted' }, tone: 'waiting' },
    { id: 'admitted', title: { zh: '已受理', en: 'Admitted' }, tone: 'waiting' },
    { id: 'returned', title: { zh: '已退回', en: 'Returned' }, tone: 'waiting' },
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
      id: 'withdraw',
      title: { zh: '撤回', en: 'Withdraw' },
      from: ['submitted', 'admitted', 'returned'],
      to: 'withdrawn',
      by: applicants,
      as: 'counterpart',
      opinion: 'optional',
      itself: null,
    },
  ],
});

/** Processes this stage brings. */
export const shareProcesses: readonly Process[] = [shareRequest];
