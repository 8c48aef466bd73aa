import { h, type TargetedEvent } from 'preact';
import { useId } from 'preact/hooks';
import { ask, must, type Payload } from '../kit/api.ts';
import { facts } from '../kit/facts.ts';
import { Field, Form, type Values } from '../kit/form.ts';
import type { ResultOf, Variables } from '../kit/graphql.ts';
import { Paged } from '../kit/paged.ts';
import { Badge, Empty, Page, Section, Time } from '../kit/parts.ts';
import { go, usePlace } from '../kit/router.ts';
import { texts } from '../kit/texts.ts';
import { CreateUser, Users } from './operations.ts';

const t = texts.admin;

type Node = NonNullable<ResultOf<typeof Users>['users']>['edges'][number]['node'];

const orders = ['ID_DESC', 'ID_ASC', 'USERNAME_ASC', 'USERNAME_DESC', 'LAST_LOGIN_DESC', 'LAST_LOGIN_ASC'] as const;

const standings = {
  everyone: {},
  active: { isActive: true },
  inactive: { isActive: false },
  staff: { isStaff: true },
} as const;
const labels = { everyone: t.everyone, active: t.active, inactive: t.inactive, staff: t.staffOnly } as const;
const isStanding = (text: string): text is keyof typeof standings => text in standings;

/** The filters are in the address, so that “back” leads to the same list. */
export function UsersPage() {
  const { search } = usePlace();
  const text = search.get('search') ?? '';
  const orderBy = orders.find((order) => order === search.get('order')) ?? 'ID_DESC';
  const wanted = search.get('show') ?? '';
  const standing = isStanding(wanted) ? wanted : 'everyone';
  const filter = (form: HTMLFormElement) => {
    const chosen = [...new FormData(form)].flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [[name, value]] : []));
    go(`/admin/users?${new URLSearchParams(chosen)}`, { replace: true });
  };
  const onSubmit = (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    filter(event.currentTarget);
  };
  return h(
    Page,
    { title: t.users, aside: h('a', { class: 'button primary', href: '/admin/users/new' }, t.create) },
    h(
      'form',
      { class: 'filters', role: 'search', onSubmit, onChange: (event: TargetedEvent<HTMLFormElement>) => filter(event.currentTarget) },
      h(Field, { label: t.search, name: 'search', type: 'search', value: text, placeholder: t.searchHint, optional: true, bare: true }),
      h(Choice, { label: t.standing, name: 'show', value: standing, options: labels }),
      h(Choice, { label: t.order, name: 'order', value: orderBy, options: t.orders }),
      h('button', null, t.find),
    ),
    h(Paged<ResultOf<typeof Users>, Variables<typeof Users>, Node>, {
      key: JSON.stringify([text, orderBy, standing]),
      operation: Users,
      variables: (after) => ({ search: text, orderBy, ...standings[standing], after }),
      pick: ({ users }) => users,
      show: (users) => h(UserList, { users }),
    }),
  );
}

type ChoiceProps = {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly options: Readonly<Record<string, string>>;
};

export function Choice({ label, name, value, options }: ChoiceProps) {
  const id = useId();
  return h(
    'div',
    null,
    h('label', { for: id }, label),
    h(
      'select',
      { id, name },
      Object.entries(options).map(([key, text]) => h('option', { value: key, selected: key === value }, text)),
    ),
  );
}

const UserList = ({ users }: { readonly users: readonly Node[] }) =>
  users.length === 0
    ? h(Empty, null, t.usersNone)
    : h(
        'ul',
        { class: 'rows' },
        users.map((user) => h('li', { key: user.id }, h(UserRow, { user }))),
      );

const UserRow = ({ user }: { readonly user: Node }) => [
  h('div', { class: 'grow' }, [
    h('p', null, h('a', { href: `/admin/users/${user.id}` }, h('b', null, user.username)), ' ', h(Standing, { user })),
    h('p', { class: 'quiet facts' }, [
      (user.firstName || user.lastName) && h('span', null, `${user.firstName} ${user.lastName}`),
      user.email && h('span', null, user.email),
    ]),
  ]),
  h('p', { class: 'quiet facts' }, [
    h('span', null, t.joined, ' ', h(Time, { date: user.dateJoined })),
    h('span', null, t.lastLogin, ' ', h(Time, { date: user.lastLogin })),
  ]),
];

type Standing = Pick<Node, 'isActive' | 'isStaff' | 'isSuperuser'>;

export const Standing = ({ user }: { readonly user: Standing }) => [
  !user.isActive && h(Badge, { kind: 'bad' }, t.isInactive),
  user.isSuperuser && h(Badge, { kind: 'strong' }, t.isSuperuser),
  user.isStaff && h(Badge, null, t.isStaff),
];

export function NewUserPage() {
  const send = async ({ username = '', email = '', firstName = '', lastName = '', password = '' }: Values) =>
    must((await ask(CreateUser, { input: { username, email, firstName, lastName, password } })).createUser);
  return h(
    Page,
    { title: t.create, intro: facts.mail ? t.createIntro : undefined },
    h(
      Section,
      { title: t.details },
      h(
        Form<Payload & { readonly user: { readonly id: string } | null }>,
        { submit: t.createSubmit, send, onDone: ({ user }) => user && go(`/admin/users/${user.id}`, { replace: true }) },
        h(Field, { label: texts.username, name: 'username', autofocus: true }),
        h(Field, { label: texts.email, name: 'email', type: 'email', optional: true }),
        h(
          'div',
          { class: 'pair' },
          h(Field, { label: texts.firstName, name: 'firstName', optional: true }),
          h(Field, { label: texts.lastName, name: 'lastName', optional: true }),
        ),
        h(Field, {
          label: t.createPassword,
          name: 'password',
          type: 'password',
          autocomplete: 'new-password',
          optional: facts.mail,
          hint: texts.newPasswordHint(facts.minLength),
        }),
      ),
    ),
  );
}
