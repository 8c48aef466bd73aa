import type { EntityManager } from '@mikro-orm/sql';
import type { Budgets } from '../../config/throttling.ts';
import type { Listen } from '../../database/notifications.ts';
import type { TokenWatch } from '../../graphql/context.ts';
import type { Log } from '../../observability/log.ts';
import type { Observer } from '../../observability/observer.ts';
import { createIdentify } from '../authentication/identify.ts';
import type { NoteUse } from '../authentication/use-recorder.ts';
import type { FindViewer } from '../authentication/viewer-loader.ts';
import { createEndedLog } from './ended-log.ts';
import { createIntrospect } from './introspect.ts';
import { createRevocations } from './revocations.ts';
import { createUnknownTokens } from './unknown-tokens.ts';
import { createVerify } from './verify.ts';

type Options = {
  readonly em: EntityManager;
  readonly findViewer: FindViewer;
  readonly noteUse: NoteUse;
  readonly tokenWatch: TokenWatch;
  readonly listen: Listen;
  readonly observer: Observer;
  readonly log: Log;
  /** Null: nothing is counted. */
  readonly budgets: Budgets | null;
  /** Aborted when the server is about to stop. */
  readonly stopping: AbortSignal;
};

/** What tells other servers about tokens. `stop` ends what it began. */
export function createTokenEndpoints({ em, listen, budgets, stopping, tokenWatch, observer, log, ...users }: Options) {
  const identify = createIdentify(users);
  const ended = createEndedLog({ em, listen, log });
  const unknownTokens = createUnknownTokens(budgets?.unknownTokens ?? null);
  const shared = { identify, observer, log };
  const byPath = new Map([
    ['/verify', createVerify({ ...shared, unknownTokens })],
    ['/introspect', createIntrospect(shared)],
    ['/revocations', createRevocations({ ...shared, tokenWatch, ended, stopping })],
  ]);
  return { byPath, stop: ended.stop };
}
