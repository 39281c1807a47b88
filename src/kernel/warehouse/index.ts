/** The face of the warehouse: a client for every process, and the process itself for the parent that keeps it. */
export { connectWarehouse, type Param, type Statement, type Warehouse, WarehouseError, type WarehouseHealth } from './client.ts';
export { startWarehouse, type WarehouseProcess } from './process.ts';
