/** Decimals as they are written, compared by what they are worth. */

/** Whether a text is a decimal and nothing else. */
export const isDecimal = (text: string): boolean => /^[-+]?\d+(\.\d+)?(e[-+]?\d+)?$/iu.test(text);

/** A decimal in one spelling: sign, digits without zeros at its ends, and the power of ten of its last digit. */
export function plain(text: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] = /^([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/iu.exec(text.trim()) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/u, '');
  const bare = digits.replace(/0+$/u, '');
  if (bare === '') return '0';
  return `${sign === '-' ? '-' : ''}${bare}e${Number(power) - fraction.length + digits.length - bare.length}`;
}
