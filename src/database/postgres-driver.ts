import type { AnyEntity, Configuration, EntityData, QueryResult } from '@mikro-orm/core';
import { PostgreSqlConnection, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { bindStatement } from './bound-statements.ts';

class BindingConnection extends PostgreSqlConnection {
  override execute<T extends QueryResult | EntityData<AnyEntity> | EntityData<AnyEntity>[] = EntityData<AnyEntity>[]>(
    ...[query, values, method, transaction, context]: Parameters<PostgreSqlConnection['execute']>
  ): Promise<T> {
    const client = () => transaction ?? this.getClient();
    const { text, via } = bindStatement({ platform: this.platform, query, values, client });
    return super.execute<T>(text, [], method, via, context);
  }
}

/** MikroORM's driver for PostgreSQL, but for values: they never stand in the text of a statement. */
export class BindingPostgresDriver extends PostgreSqlDriver {
  protected override readonly connection: PostgreSqlConnection;
  protected override readonly replicas: PostgreSqlConnection[];

  constructor(config: Configuration) {
    super(config);
    this.connection = new BindingConnection(config);
    this.replicas = this.createReplicas((replica) => new BindingConnection(config, replica, 'read'));
  }
}
