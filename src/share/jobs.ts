/** Long work of sharing, and what makes it begin. */
import type { Subscription } from '#kernel/facts/facts';
import type { JobSpec } from '#kernel/jobs/jobs';
import type { Kernel } from '#kernel/stage';
import { publishJob, publishService, queuePublication, servicesOn } from './publish.ts';

/** The jobs of this stage. */
export const shareJobs = (kernel: Kernel): readonly JobSpec<never>[] => {
  const publish: JobSpec<{ service: string }> = {
    name: publishJob,
    title: { zh: '发布服务数据', en: 'Publish service data' },
    work: (payload, context) => publishService(kernel, payload.service, context),
  };
  return [publish];
};

/** A library or table that changed, or a service that has a new version, is published. */
export const shareSubscriptions = (kernel: Kernel): readonly Subscription[] => {
  const { db, documents } = kernel;
  const after = (pick: (id: string) => { library: string } | { table: string }) => async (about: string) => {
    const id = about.slice(about.indexOf(':') + 1);
    const services = servicesOn(await documents.snapshot(), pick(id));
    await db.transaction(async (tx) => {
      for (const s of services) await queuePublication(kernel, tx, s, 'machine');
    });
  };
  const built = after((library) => ({ library }));
  const governed = after((table) => ({ table }));
  return [
    { fact: 'library-built', by: 'share-library-built', hear: (f) => built(f.about) },
    { fact: 'table-governed', by: 'share-table-governed', hear: (f) => governed(f.about) },
    {
      fact: 'model-changed',
      by: 'share-service-changed',
      async hear(f) {
        if (!f.about.startsWith('service:')) return;
        const service = (await documents.snapshot()).find('service', f.about.slice('service:'.length));
        if (service) await db.transaction((tx) => queuePublication(kernel, tx, service, 'machine'));
      },
    },
  ];
};
