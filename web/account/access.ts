import { h } from 'preact';
import { useState } from 'preact/hooks';
import { useActs } from '../kit/acts.ts';
import { ask, must, type Payload } from '../kit/api.ts';
import { Field, Form, type Values } from '../kit/form.ts';
import { useQuery } from '../kit/hooks.ts';
import { Act, Answer, Copyable, Page, Section } from '../kit/parts.ts';
import { texts } from '../kit/texts.ts';
import { type ShownToken, TokenList } from '../kit/tokens.ts';
import { CreateToken, RevokeOthers, RevokeToken, Tokens } from './operations.ts';

const t = texts.access;

/** Devices and scripts alike: each token signs in, and any of them can be ended. */
export function DevicesPage() {
  const query = useQuery(Tokens, {});
  const { act, notice } = useActs(query.reload);
  const end = (id: string) => act(async () => must((await ask(RevokeToken, { input: { id } })).revokeToken), t.ended);
  const endOthers = act(async () => must((await ask(RevokeOthers, {})).revokeAllTokens), t.endedOthers);
  return h(
    Page,
    { title: t.devices, intro: t.devicesIntro },
    notice,
    h(Answer<{ tokens: readonly ShownToken[] | null }>, {
      query,
      show: ({ tokens }) =>
        h('div', null, [
          h(TokenList, { tokens: tokens ?? [], end }),
          (tokens ?? []).length > 1 && h('p', null, h(Act, { run: endOthers, danger: true, confirm: t.endOthersConfirm }, t.endOthers)),
        ]),
    }),
  );
}

/** A key for a script, which is shown once. Its scopes belong below the name. */
export function ScriptsPage() {
  const [key, setKey] = useState<string | null>(null);
  const send = async ({ name = '', password = '', expiresAt = '' }: Values) => {
    const end = expiresAt === '' ? null : new Date(expiresAt).toISOString();
    return must((await ask(CreateToken, { input: { name, password, expiresAt: end } })).createToken);
  };
  return h(
    Page,
    { title: t.scripts, intro: t.scriptsIntro },
    key && h('div', { class: 'notice done', role: 'status' }, [h('p', null, t.keyOnce), h(Copyable, { text: key, label: t.key })]),
    h(
      Section,
      { title: t.scriptNew },
      h(
        Form<Payload & { readonly token: string | null }>,
        { submit: t.scriptSubmit, send, onDone: ({ token }) => setKey(token), resets: true },
        h(Field, { label: t.name, name: 'name', hint: t.nameHint }),
        h(Field, { label: t.expiresAt, name: 'expiresAt', type: 'datetime-local', optional: true }),
        h(Field, { label: texts.password, name: 'password', type: 'password', autocomplete: 'current-password' }),
      ),
    ),
    h('p', { class: 'quiet' }, t.scriptsList, ' ', h('a', { href: '/account/devices' }, t.devices)),
  );
}
