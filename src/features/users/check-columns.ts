import { OperatorError } from '../../shared/operator-error.ts';
import type { UserColumn, UserColumns } from '../../shared/user-column.ts';
import { hasColumn } from './user.ts';
import { isNullable, isShown } from './user-columns.ts';

/** As GraphQL and JavaScript have names. */
const NAME = /^[a-z][A-Za-z0-9]*$/;

/** @throws OperatorError for a column that the server cannot have. */
export function checkColumns(columns: UserColumns): void {
  for (const [name, column] of Object.entries(columns)) {
    const obstacle = obstacleOf(name, column);
    if (obstacle) throw new OperatorError(`The user column "${name}" ${obstacle}.`);
  }
}

function obstacleOf(name: string, column: UserColumn): string | null {
  if (!NAME.test(name)) return 'needs a name like "displayName"';
  if (hasColumn(name)) return 'exists already';
  if (!isShown(column)) return 'has a type that the API cannot show: take a text, an integer, a double, a boolean or a datetime';
  return isOptional(column) ? null : 'needs a default, or has to be nullable: other accounts have no value for it';
}

const isOptional = (column: UserColumn): boolean => {
  const { default: value, defaultRaw } = column.column['~options'];
  return isNullable(column) || value !== undefined || defaultRaw !== undefined;
};
