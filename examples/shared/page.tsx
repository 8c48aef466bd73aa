import type { ReactNode } from 'react';

const focus = (heading: HTMLElement | null) => heading?.focus();

type Props = { readonly title: string; readonly failed: boolean; readonly children: ReactNode };

/** A page under its heading, which gets the focus when the page takes the place of another. @param failed the server gave no answer */
export const Page = ({ title, failed, children }: Props) => (
  <main>
    <title>{title}</title>
    <h1 ref={focus} tabIndex={-1}>
      {title}
    </h1>
    {failed && <p role="alert">That did not work. Please try again.</p>}
    {children}
  </main>
);
