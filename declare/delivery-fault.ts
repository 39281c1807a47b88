/** Why a row of a delivery could not be read, in words. */
import type { DeliveryFault } from './connector.ts';

export const deliveryFaultWords: Readonly<Record<DeliveryFault, { readonly zh: string; readonly en: string }>> = {
  quoting: { zh: '引号没有配对', en: 'its quotes do not pair' },
  'too-many-cells': { zh: '单元格比表头多', en: 'it has more cells than the header' },
  'too-few-cells': { zh: '单元格比表头少', en: 'it has fewer cells than the header' },
  encoding: { zh: '有读不出或不能保存的字符', en: 'it has a character that cannot be read or kept' },
};
