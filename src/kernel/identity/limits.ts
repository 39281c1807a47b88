/**
 * Limits of accounts and sessions: five wrong passwords lock for ten minutes; a session ends after 30 idle minutes or 12 hours
 * (usual values for GB/T 22239-2019 level 3; the standard names no numbers).
 */
export const limits = { failures: 5, lockMinutes: 10, idleMinutes: 30, sessionHours: 12, passwordLength: 10 } as const;
