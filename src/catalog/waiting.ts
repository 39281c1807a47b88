/** What of the catalog waits for people: entries whose turn is theirs. */
import { tellTurns, type WaitingKind, waitingUnder } from '#kernel/waiting';

export const catalogWaiting: readonly WaitingKind[] = [
  {
    kind: 'entry',
    title: { zh: '目录', en: 'Entry' },
    find: (kernel, actor) =>
      waitingUnder(
        kernel,
        actor,
        'entry',
        'select id, department as owner, null::text as counterpart from catalog.entry',
        kernel.policy.filter(actor, 'entry.step'),
      ),
    async tell(kernel, found, actor) {
      const snapshot = await kernel.documents.snapshot();
      return tellTurns(kernel, actor, 'entry', found, (id) => snapshot.get('entry', id).title);
    },
  },
];
