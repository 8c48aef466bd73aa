import { Migration } from '@mikro-orm/migrations';

export class Migration20261128200001_posts extends Migration {
  override up(): void {
    this.addSql(
      `create table "posts" ("id" bigserial primary key, "author_id" int not null, "title" varchar(200) not null, "text" text not null, "created_at" timestamptz not null default now())`,
    );
    this.addSql(`create index "posts_author_id_index" on "posts" ("author_id")`);
    this.addSql(
      `create table "comments" ("id" bigserial primary key, "post_id" bigint not null, "author_id" int not null, "text" varchar(2000) not null, "created_at" timestamptz not null default now())`,
    );
    this.addSql(`create index "comments_author_id_index" on "comments" ("author_id")`);
    this.addSql(`create index "comments_post_id_id_index" on "comments" ("post_id", "id")`);
    this.addSql(`alter table "users" add "display_name" varchar(80) not null default ''`);
    this.addSql(
      `alter table "posts" add constraint "posts_author_id_foreign" foreign key ("author_id") references "users" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "comments" add constraint "comments_post_id_foreign" foreign key ("post_id") references "posts" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "comments" add constraint "comments_author_id_foreign" foreign key ("author_id") references "users" ("id") on delete cascade`,
    );
  }
}
