import type { AnyEntity, Configuration, EntityData, QueryResult } from '@mikro-orm/core';
import { PgliteConnection, PgliteDriver } from '@mikro-orm/pglite';
import { bindStatement } from './bound-statements.ts';

class BindingConnection extends PgliteConnection {
  override execute<T extends QueryResult | EntityData<AnyEntity> | EntityData<AnyEntity>[] = EntityData<AnyEntity>[]>(
    ...[query, values, method, transaction, context]: Parameters<PgliteConnection['execute']>
  ): Promise<T> {
    const client = () => transaction ?? this.getClient();
    const { text, via } = bindStatement({ platform: this.platform, query, values, client });
    return super.execute<T>(text, [], method, via, context);
  }
}

/** MikroORM's driver for PGlite, but for values: they never stand in the text of a statement. */
export class BindingPgliteDriver extends PgliteDriver {
  protected override readonly connection: PgliteConnection;
  protected override readonly replicas: PgliteConnection[];

  constructor(config: Configuration) {
    super(config);
    this.connection = new BindingConnection(config);
    this.replicas = this.createReplicas((replica) => new BindingConnection(config, replica, 'read'));
  }
}
