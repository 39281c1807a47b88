/** Making unified social credit codes in which both checks are right: the outer one (GB 32100-2015) and the organisation code's (GB 11714-1997). */

/** The 31 characters of GB 32100; a character's value is its place. */
export const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

const creditWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;
const organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2] as const;

/** The code from authority and category (2), division (6) and the organisation code's body (8). */
export function creditCode(kind: string, division: string, organisation: string): string {
  return withCreditCheck(`${kind}${division}${organisation}${organisationCheck(organisation)}`);
}

/** Appends the outer check character to the first 17 characters. */
export function withCreditCheck(body: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += creditAlphabet.indexOf(body.charAt(i)) * (creditWeights[i] as number);
  return body + creditAlphabet.charAt((31 - (sum % 31)) % 31);
}

function organisationCheck(body: string): string {
  let sum = 0;
  for (let i = 0; i < 8; i++) sum += Number.parseInt(body.charAt(i), 36) * (organisationWeights[i] as number);
  const check = 11 - (sum % 11);
  return check === 10 ? 'X' : String(check % 11);
}
