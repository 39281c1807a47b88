/** Whether the page was reached by going back: then the row that was opened has the focus again. */

let back = false;

interface History {
  subscribe(hear: (event: { action: { type: string } }) => void): unknown;
}

/** Listens to the browser's history, once. */
export function watchHistory(history: History): void {
  history.subscribe(({ action }) => {
    // A filter that changes the address of the list one came back to is not a step away from it.
    if (action.type !== 'REPLACE') back = action.type === 'BACK' || action.type === 'GO';
  });
}

/** True when the latest step was one back. */
export const cameBack = (): boolean => back;
