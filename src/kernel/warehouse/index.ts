/** The face of the warehouse: a client for every process, and the process itself for the parent that keeps it. */
export { connectWarehouse, type Warehouse, WarehouseError, type WarehouseHealth, type WarehouseOptions } from './client.ts';
export { startWarehouse, type WarehouseProcess } from './process.ts';
export type { Param, Statement, WarehouseReason, WriteOrder } from './protocol.ts';
