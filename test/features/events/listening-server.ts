import { loadConfig } from '../../../src/config/config.ts';
import { features } from '../../../src/features.ts';
import { createLog } from '../../../src/observability/log.ts';
import { facts } from '../../../src/server/banner.ts';
import { serve } from '../../../src/server/serve.ts';
import type { Feature } from '../../../src/shared/feature.ts';

/** Tells HEARD_AT of every new user. */
const listening: Feature = {
  name: 'listening',
  after: {
    'user.created': async ({ id, user, signal }) => {
      const { ok } = await fetch(process.env.HEARD_AT ?? '', { method: 'POST', body: JSON.stringify({ id, user }), signal });
      if (!ok) throw new Error('it did not want to hear it');
    },
  },
};

const config = loadConfig(process.env);
const log = createLog('info', process.stdout);
const { url } = await serve({ config, log, features: [...features, listening] });
log.info(facts(config, url), 'the server is ready');
