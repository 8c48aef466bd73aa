import { type ComponentChildren, h } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Failure } from './api.ts';
import { facts } from './facts.ts';
import { type Query, usePending } from './hooks.ts';
import { sentenceOfFailure } from './sentences.ts';
import { ago, exactly, texts } from './texts.ts';

type Children = { readonly children?: ComponentChildren };

/** A sentence that screen readers say at once. */
export function Notice({ kind, children }: Children & { readonly kind: 'error' | 'done' | 'info' }) {
  return h('p', { class: `notice ${kind}`, role: kind === 'error' ? 'alert' : 'status' }, children);
}

/** A time as people say it; the exact one on hover. @param date in ISO 8601; null shows `never` */
export function Time({ date, never = texts.never }: { readonly date: string | null; readonly never?: string }) {
  return date === null ? h('span', { class: 'quiet' }, never) : h('time', { dateTime: date, title: exactly(date) }, ago(date));
}

export const Badge = ({ kind, children }: Children & { readonly kind?: 'good' | 'bad' | 'strong' }) =>
  h('span', { class: `badge ${kind ?? ''}` }, children);

type PageProps = Children & {
  readonly title: string;
  readonly intro?: ComponentChildren;
  readonly narrow?: boolean;
  readonly aside?: ComponentChildren;
};

/** A page with its heading, which gets the focus, so that a screen reader says where one is. */
export function Page({ title, intro, narrow = false, aside, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${facts.product}`;
    if (!document.activeElement || document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [title]);
  return h(
    'main',
    { class: narrow ? 'narrow' : 'wide', id: 'main' },
    h('div', { class: 'title' }, h('h1', { ref: heading, tabIndex: -1 }, title), aside),
    intro && h('p', { class: 'intro' }, intro),
    children,
  );
}

/** The menu; on a phone it scrolls, so that what is open is brought into sight. */
export function Menu({ items }: { readonly items: readonly { readonly to: string; readonly label: string; readonly isOpen: boolean }[] }) {
  const nav = useRef<HTMLElement>(null);
  const open = items.find(({ isOpen }) => isOpen)?.to;
  useEffect(() => nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }), [open]);
  return h(
    'nav',
    { ref: nav, 'aria-label': texts.menu },
    items.map(({ to, label, isOpen }) => h('a', { href: to, ...(isOpen && { 'aria-current': 'page' as const }) }, label)),
  );
}

/** The product's mark, which leads to the first page. */
export const Brand = ({ to }: { readonly to: string }) =>
  h('a', { class: 'brand', href: to }, facts.logo && h('img', { src: facts.logo, alt: '', height: 28 }), h('span', null, facts.product));

export const Section = ({ title, children }: Children & { readonly title: string }) =>
  h('section', { class: 'card', 'aria-label': title }, h('h2', null, title), children);

/** Grey bars in place of what is on its way. */
export const Skeleton = ({ rows = 3 }: { readonly rows?: number }) =>
  h(
    'div',
    { class: 'skeleton', role: 'status', 'aria-label': texts.loading },
    Array.from({ length: rows }, () => h('div', { class: 'bar' })),
  );

export const Empty = ({ children }: Children) => h('p', { class: 'empty' }, children);

/** What went wrong, with a way to try again. */
export const Trouble = ({ failure, onRetry }: { readonly failure: Failure; readonly onRetry: () => void }) =>
  h(
    'div',
    { class: 'notice error', role: 'alert' },
    h('span', null, sentenceOfFailure(failure)),
    h('button', { type: 'button', onClick: onRetry }, texts.retry),
  );

/** Shows an answer, or that it is on its way, or that it did not come. An old one stays beside the trouble. */
export function Answer<Result>({
  query,
  show,
  rows,
}: {
  readonly query: Query<Result>;
  readonly show: (data: Result) => ComponentChildren;
  readonly rows?: number;
}) {
  const { data, failure, pending, reload } = query;
  const hidden = failure?.trouble === 'signed-out'; // the next page says so
  return h(
    'div',
    { 'aria-busy': pending },
    failure && !hidden && h(Trouble, { failure, onRetry: reload }),
    data !== null ? show(data) : !failure && h(Skeleton, rows === undefined ? {} : { rows }),
  );
}

type ActProps = Children & {
  readonly run: () => Promise<void>;
  readonly danger?: boolean;
  readonly label?: string;
  /** What to ask before; left out: nothing. */
  readonly confirm?: string;
  readonly disabled?: boolean;
};

/** A button that does one thing, once at a time, and asks first where that is wise. */
export function Act({ run, danger = false, label, confirm, disabled = false, children }: ActProps) {
  const [asking, setAsking] = useState(false);
  const [act, pending] = usePending(run);
  const onClick = () => (confirm ? setAsking(true) : act());
  return h(
    'span',
    null,
    h(
      'button',
      {
        type: 'button',
        class: danger ? 'danger quiet' : '',
        onClick,
        disabled,
        'aria-disabled': pending,
        ...(label && { 'aria-label': label }),
      },
      pending && h('span', { class: 'spinner' }),
      children,
    ),
    asking &&
      confirm &&
      h(Dialog, { title: confirm, onClose: () => setAsking(false) }, [
        h('div', { class: 'buttons' }, [
          h('button', { type: 'button', class: danger ? 'danger' : 'primary', onClick: () => [setAsking(false), act()] }, children),
          h('button', { type: 'button', onClick: () => setAsking(false) }, texts.cancel),
        ]),
      ]),
  );
}

/** A question that has to be answered first. Escape closes it. */
export function Dialog({ title, onClose, children }: Children & { readonly title: string; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return h('dialog', { ref: dialog, onClose, 'aria-labelledby': id }, h('h2', { id }, title), children);
}

/** A text to take along, such as a key that is shown once. */
export function Copyable({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return h(
    'div',
    { class: 'copyable' },
    h('code', { 'aria-label': label, tabIndex: 0 }, text),
    h('button', { type: 'button', onClick: copy }, copied ? texts.copied : texts.copy),
  );
}
