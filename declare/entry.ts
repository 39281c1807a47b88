/** A catalog entry: the promise that certain information exists, whose it is and how it may be used (目录编制指南 2017; GB/T 21063.3). */
import { z } from 'zod';
import { idSchema, sensitivitySchema, titleSchema } from './base.ts';
import { updateCycleCodeSchema } from './update-cycle.ts';

/** One information item (信息项) of an entry. */
export const infoItemSchema = z.strictObject({
  name: z.string().min(1).max(63),
  title: titleSchema,
  element: idSchema.nullable(),
  isKey: z.boolean(),
  isNullable: z.boolean(),
  sensitivity: sensitivitySchema,
});

export const entrySchema = z.strictObject({
  form: z.literal(1),
  id: idSchema,
  title: titleSchema,
  abstract: z.string().min(1).max(2000),
  /** The provider department (提供方). */
  department: idSchema,
  /** 类: basic 1, thematic 2, departmental 3; with its item (项) as text. */
  resourceClass: z.enum(['1', '2', '3']),
  category: z.string().min(1).max(60),
  /** 信息资源格式, the 2017 guide's list; 7 service interface by practice. */
  format: z.enum(['1', '2', '3', '4', '5', '6', '7']),
  items: z.array(infoItemSchema).min(1),
  /** 共享属性: 1 unconditional, 2 conditional, 3 not shared. */
  shareType: z.enum(['1', '2', '3']),
  /** For type 2 the scope and conditions; for type 3 the legal basis (Decree 809). */
  shareCondition: z.string().max(2000),
  /** 开放属性, independent of sharing: 1 open to society, 0 not. */
  openType: z.enum(['0', '1']),
  openCondition: z.string().max(2000),
  /** 更新周期. */
  updateCycle: updateCycleCodeSchema,
  /** The provider has checked that nothing here is a state secret or a work secret (Decree 809 art. 3). */
  secrecyChecked: z.literal(true),
});
export type Entry = z.infer<typeof entrySchema>;
