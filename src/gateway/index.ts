/** The face of the gateway: one address, one straight line. */
import type { Stage } from '#kernel/stage';
import './errors.ts';
import { gatewayRoutes } from './routes.ts';

/** The stage. It keeps nothing of its own: grants are share's, records the kernel's. */
export const gatewayStage: Stage = {
  name: 'gateway',
  migrations: [],
  actions: {},
  facts: {},
  timelines: {},
  jobs: () => [],
  subscriptions: () => [],
  routes: gatewayRoutes,
};
