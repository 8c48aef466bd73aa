import { InputFieldBuilder, type InputObjectRef } from '@pothos/core';
import { builder, type Types } from '../../graphql/builder.ts';
import type { UserColumn, UserColumns } from '../../shared/user-column.ts';
import { PublicUserType, UserType } from './user.graphql.ts';
import { isNullable, kindOf, lengthLimit, type Taker, takenBy } from './user-columns.ts';

/** Who reads a column, as the schema says it. */
const readers = {
  anybody: 'PublicUser has it, too.',
  oneself: 'Only the user and staff see it.',
  staff: 'Only for staff.',
} as const;

/** Adds the fields of columns to User, and the public ones to PublicUser. */
export function addColumnFields(columns: UserColumns): void {
  for (const [name, column] of Object.entries(columns)) {
    addField(UserType, name, column);
    if (column.read === 'anybody') addField(PublicUserType, name, column);
  }
}

/** Adds the columns that a mutation takes to its input. */
export function addColumnInputs(input: InputObjectRef<Types, object>, taker: Taker, columns: UserColumns): void {
  const fields = new InputFieldBuilder<Types, 'InputObject'>(builder, 'InputObject');
  for (const [name, column] of takenBy(taker, columns)) {
    input.addFields(() => ({ [name]: fields.field({ type: kindOf(column), required: false, description: inputDescription(column) }) }));
  }
}

function addField(type: typeof UserType, name: string, column: UserColumn): void {
  const isForStaff = column.read === 'staff';
  builder.objectField(type, name, (t) =>
    t.field({
      type: kindOf(column),
      nullable: isForStaff || isNullable(column),
      description: `${column.description} ${readers[column.read]}`,
      ...(isForStaff && { authScopes: { staff: true } }),
      resolve: (user) => Reflect.get(user, name),
    }),
  );
}

const inputDescription = (column: UserColumn): string =>
  kindOf(column) === 'String' ? `${column.description} At most ${lengthLimit(column)} characters.` : column.description;
