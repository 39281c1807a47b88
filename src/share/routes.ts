/** Addresses of sharing. */
import type { Door } from '#kernel/http/server';
import type { Kernel } from '#kernel/stage';
import { grantRoutes } from './grant-routes.ts';
import { requestRoutes } from './request-routes.ts';
import { serviceRoutes } from './service-routes.ts';

/** Adds the routes. */
export function shareRoutes(door: Door, kernel: Kernel): void {
  serviceRoutes(door, kernel);
  requestRoutes(door, kernel);
  grantRoutes(door, kernel);
}
