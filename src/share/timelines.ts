/** What happened to a request or a grant is told to consumer, provider and bureau; services everybody who may see them. */
import type { TimelineTable } from '#kernel/stage';
import { grantState } from './grants.ts';

export const shareTimelines: TimelineTable = {
  service: { action: 'share.service.read', departments: async () => [] },
  request: {
    action: 'share.request.read',
    departments: async (kernel, id) => {
      const request = (await kernel.documents.snapshot()).find('request', id);
      return request ? [request.department, request.provider] : [];
    },
  },
  grant: {
    action: 'share.grant.read',
    departments: async (kernel, id) => {
      const grant = await grantState(kernel.db, id);
      return grant ? [grant.consumer, grant.provider] : [];
    },
  },
};
